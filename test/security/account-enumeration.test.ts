import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearTries } from '../../src/domain/throttle/throttle.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { newPassword, type TestAccount, type TestApplication } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { median, rankSumZ } from './support/statistics.ts';

const rounds = 60;

/** Medians of two kinds of refusal may differ by as much of one of them; a hash left out would be half of it and more. */
const tolerance = 0.05;

/** Beyond this, chance (one in 15,000) does not explain a difference between two kinds. */
const significant = 4;

describe('account enumeration', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let kinds: Readonly<Record<string, { readonly userName: string; readonly password: string }>>;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    account = await server.account();
    application = await account.createApplication();
    const [known, frozen, inactive, expired] = await Promise.all([
      account.createUser(),
      account.createUser(),
      account.createUser(),
      account.createUser({ resetRequired: true }),
    ]);
    await account.manage(`PATCH /users/${frozen.userName}`, { status: 'frozen' });
    await account.manage(`PUT /users/${inactive.userName}/login-profile`, { status: 'inactive' });
    const past = new Date(Date.now() - 1000);
    await server.backend.db
      .update(loginProfiles)
      .set({ initialPasswordExpiresAt: past })
      .where(eq(loginProfiles.userId, expired.userId));
    await account.manage('POST /users', { userName: 'program', displayName: 'A program', programmaticAccess: true });
    kinds = {
      'wrong password': { ...known, password: newPassword() },
      'unknown name': { userName: 'nobody-here', password: known.password },
      'no login profile': { userName: 'program', password: known.password },
      'frozen, right password': frozen,
      'logon switched off, right password': inactive,
      'first password past its time': expired,
      'name of another account': { userName: 'alice@elsewhere', password: known.password },
    };
  });
  afterAll(() => server.close());

  const sourceOf = (at: number): string => `198.18.${at >> 8}.${at & 255}`;

  /** Each from another address, so that no count of tries gets in the way. */
  const refuse = async (kind: string, at: number) => {
    const { userName, password } = kinds[kind] ?? { userName: '', password: '' };
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const headers = { 'x-forwarded-for': sourceOf(at) };
    const begun = performance.now();
    const answer = await browser.submit(page, { username: userName, password }, { headers });
    return { answer, milliseconds: performance.now() - begun };
  };

  /** As if it had not been tried: over all addresses, too, the tries at a name are counted. */
  const forget = (kind: string, at: number) =>
    clearTries(server.backend.ephemeral, {
      accountId: account.accountId,
      userName: kinds[kind]?.userName ?? '',
      factor: 'password',
      sourceIp: sourceOf(at),
    });

  /** A page without what differs from one logon to the next, whoever logs on. */
  const comparable = (html: string, userName: string): string =>
    html
      .replaceAll(userName.split('@')[0] ?? '', 'NAME')
      .replaceAll(/nonce="[^"]+"/g, '')
      .replaceAll(/name="csrf" value="[^"]+"/g, '')
      .replaceAll(/&quot;challenge&quot;:&quot;[\w-]+&quot;/g, '')
      .replaceAll(/\/logon\/[\w-]+/g, '/logon/ID');

  it('every refusal is the same answer', async () => {
    const seen = new Map<string, string[]>();
    for (const [at, kind] of Object.keys(kinds).entries()) {
      const { answer } = await refuse(kind, at);
      expect(hasCode(answer)).toBe(false);
      const headers = [...answer.headers.keys()].filter((name) => name !== 'content-length').toSorted();
      const fingerprint = JSON.stringify([
        answer.status,
        headers,
        comparable(answer.html, kinds[kind]?.userName ?? '').replace('NAME@elsewhere', 'NAME'),
      ]);
      seen.set(fingerprint, [...(seen.get(fingerprint) ?? []), kind]);
    }
    expect([...seen.values()]).toEqual([Object.keys(kinds)]);
  });

  it('every refusal leaves one event of the same kind, without the name nobody has', async () => {
    for (const [at, kind] of Object.keys(kinds).entries()) {
      const { db } = server.backend;
      const events = () =>
        db
          .select()
          .from(auditEvents)
          .where(and(eq(auditEvents.accountId, account.accountId), eq(auditEvents.action, 'logon')))
          .orderBy(desc(auditEvents.auditEventId));
      const before = await events();
      await refuse(kind, 1000 + at);
      const after = await events();
      expect([kind, after.length]).toEqual([kind, before.length + 1]);
      expect(after[0]).toMatchObject({
        outcome: 'refused',
        details: { factor: 'password', reason: 'wrong name or password' },
      });
      expect(JSON.stringify(after[0])).not.toMatch(/nobody-here|elsewhere/);
    }
  });

  it('too many tries are answered alike for names that exist and names that do not', async () => {
    const answers = await Promise.all(
      ['unknown name', 'wrong password', 'frozen, right password'].map(async (kind) => {
        const statuses: number[] = [];
        for (let at = 0; at < 12; at += 1) statuses.push((await refuse(kind, 5000)).answer.status);
        return statuses;
      }),
    );
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]?.at(-1)).toBe(429);
  });

  it(`time tells nothing: medians of ${rounds} interleaved tries of each kind agree`, async () => {
    const names = Object.keys(kinds);
    const times = new Map(names.map((kind): [string, number[]] => [kind, []]));
    for (let round = 0; round < rounds + 5; round += 1) {
      // Another order each time: whatever else the machine does falls on each kind alike.
      const order = names.map((_none, at) => names[(at * 3 + round) % names.length] ?? '');
      for (const [at, kind] of order.entries()) {
        const source = 10_000 + round * names.length + at;
        const { milliseconds } = await refuse(kind, source);
        await forget(kind, source);
        // The first rounds compile and warm up.
        if (round >= 5) times.get(kind)?.push(milliseconds);
      }
    }
    const reference = times.get('wrong password') ?? [];
    const differences = names.map((kind) => {
      const samples = times.get(kind) ?? [];
      const ratio = median(samples) / median(reference);
      return { kind, ratio, z: rankSumZ(samples, reference) };
    });
    // Both: a busy machine moves medians by chance, and a difference of a few microseconds is nobody's to measure.
    const telling = differences.filter(({ ratio, z }) => Math.abs(z) > significant && Math.abs(ratio - 1) > tolerance);
    expect(telling).toEqual([]);
    // A hash is really made: no kind is answered before one could be.
    expect(Math.min(...names.map((kind) => median(times.get(kind) ?? [])))).toBeGreaterThan(5);
  }, 120_000);
});
