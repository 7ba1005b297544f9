import { hash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { newKeyRingEntry, parseKeyRing } from '../../../src/crypto/key-ring.ts';
import { AnsweredBefore, createOnce } from '../../../src/web/api/idempotency.ts';
import { idempotencyKeys } from '../../../src/storage/db/schema/idempotency-keys.ts';
import { eventsOf, newUser, type TestAccount, userRow } from '../../domain/operation-harness.ts';
import { type Answered, type ApiServer, type Call, callerOn, newApiAccount, openApiServer } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
});
beforeEach(async () => {
  ({ account, call } = await newApiAccount(server));
});
afterAll(() => server.close());

const alice = { userName: 'alice', displayName: 'Alice', consoleLogon: {}, programmaticAccess: true };
const anyRequest = {
  ...{ params: {}, query: new URLSearchParams(), body: undefined, path: '/x', prefersWhole: false },
  precondition: { ifMatch: undefined, ifNoneMatch: undefined },
};
const underKey = (key: string) => ({ 'idempotency-key': key });

const kept = () => {
  const { db } = server.harness.deps;
  return db.select().from(idempotencyKeys).where(eq(idempotencyKeys.accountId, account.accountId));
};
const successes = async () =>
  (await eventsOf(server.harness.deps.db, account.accountId)).filter(({ outcome }) => outcome === 'success');

describe('a creation under an Idempotency-Key', () => {
  it('happens once: the same request again gets the same answer without its secrets, and says so', async () => {
    const first = await call('POST /users', alice, underKey('key-of-mine'));
    expect(first.status).toBe(201);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    const again = await call('POST /users', alice, underKey('key-of-mine'));
    const { initialPassword, accessKey, ...rest } = first.body;
    const { id, secret } = accessKey as { id: string; secret: string };
    expect([again.status, again.body]).toEqual([201, { ...rest, accessKey: { id } }]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('withheld-secrets')).toBe('"/initialPassword", "/accessKey/secret"');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.text).not.toContain(String(initialPassword));
    const stored = JSON.stringify(await kept());
    expect(stored).toContain('alice');
    for (const raw of [secret, String(initialPassword), 'key-of-mine']) expect(stored).not.toContain(raw);
    expect(await successes()).toHaveLength(1);
  });

  it('happens once when sent many times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call('POST /users/admin/access-keys', undefined, underKey('racing'))),
    );
    const ids = answers.map(({ body }) => (body['accessKey'] as { id: string } | undefined)?.id);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(ids).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(4);
    expect((await call('GET /users/admin/access-keys')).body['items']).toHaveLength(1);
    expect(await successes()).toHaveLength(1);
  });

  const refusedAs = ({ status, body }: Answered) => [status, body['code']];

  it.each([
    ['another body', 'POST /users', { ...alice, displayName: 'Another' }],
    ['another address', 'POST /groups', { groupName: 'developers' }],
  ])('is refused with %s, which makes nothing', async (_case, line, body) => {
    await call('POST /users', alice, underKey('one'));
    const answer = await call(line, body, underKey('one'));
    expect(refusedAs(answer)).toEqual([422, 'IdempotencyKeyReused']);
    expect((await userRow(server.harness.deps.db, account.accountId, 'alice'))?.displayName).toBe('Alice');
    expect((await call('GET /groups')).body['items']).toEqual([]);
  });

  it('keeps nothing of a refusal, so that the key can be used when what was wrong is mended', async () => {
    await call('POST /users', alice);
    expect(refusedAs(await call('POST /users', alice, underKey('one')))).toEqual([409, 'EntityAlreadyExists.User']);
    expect(refusedAs(await call('POST /users', { userName: '..' }, underKey('one')))).toEqual([
      400,
      'InvalidParameter',
    ]);
    expect(await kept()).toEqual([]);
    expect((await call('POST /users', { ...alice, userName: 'bob' }, underKey('one'))).status).toBe(201);
    expect(await kept()).toHaveLength(1);
  });

  it('belongs to its caller: another gets nothing of the answer', async () => {
    await call('POST /users', alice, underKey('one'));
    const other = await newUser(server.harness.deps.db, account.accountId, 'eve', ['AdministratorAccess']);
    expect(refusedAs(await callerOn(server, account, other)('POST /users', alice, underKey('one')))).toEqual([
      409,
      'EntityAlreadyExists.User',
    ]);
  });

  it('is answered again only to a caller who still has the right', async () => {
    const other = await newUser(server.harness.deps.db, account.accountId, 'eve', ['AdministratorAccess']);
    const asEve = callerOn(server, account, other);
    expect((await asEve('POST /users', alice, underKey('one'))).status).toBe(201);
    await call('DELETE /users/eve/policies/system/AdministratorAccess');
    expect(refusedAs(await asEve('POST /users', alice, underKey('one')))).toEqual([403, 'NoPermission']);
  });

  it('is answered again though what the first request proved is used up', async () => {
    const password = 'violet-anchor-spoons-91';
    await call('PUT /users/admin/login-profile', { password, resetRequired: false });
    const body = { oldPassword: password, newPassword: 'Quiet-marble-harbour-38' };
    expect((await call('POST /me/password', body, underKey('one'))).status).toBe(204);
    const again = await call('POST /me/password', body, underKey('one'));
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([204, 'true']);
    expect(await successes()).toHaveLength(2);
    const rows = await kept();
    expect(JSON.stringify(rows)).not.toContain('Quiet-marble');
    // Nor what guesses at the passwords could be compared with.
    const asked = JSON.stringify([`/${account.alias}/api/v1/me/password`, '', body]);
    expect(rows.map(({ requestHash }) => requestHash)).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(rows[0]?.requestHash).not.toBe(hash('sha256', asked, 'base64url'));
  });

  test.each(['', ' ', 'x'.repeat(256), 'schlüssel', 'a\tb'])('%j is no key, and nothing is made', async (key) => {
    const answer = await call('POST /users', alice, underKey(key));
    expect([answer.status, answer.body['errors']]).toMatchObject([
      400,
      [{ code: 'InvalidParameter.IdempotencyKey.Format' }],
    ]);
    expect(await userRow(server.harness.deps.db, account.accountId, 'alice')).toBeUndefined();
  });

  it('is known again while the key of the ring that it was kept under is still read', async () => {
    const { keyRing } = server.harness.deps;
    const added = parseKeyRing(newKeyRingEntry('newer'));
    if (!('ring' in added)) throw new Error(added.faults.join());
    const { db, caller } = { db: server.harness.deps.db, caller: account.admin };
    const request = { ...anyRequest, idempotencyKey: 'one' };
    const answered = () => ({ status: 204 }) as const;
    await createOnce({ db, caller, keyRing }, { request, answer: undefined }, () => Promise.resolve(), answered);
    const later = { db, caller, keyRing: { keys: [...added.ring.keys, ...keyRing.keys] } };
    const undone = () => Promise.reject(new Error('it was done again'));
    await expect(createOnce(later, { request, answer: undefined }, undone, answered)).rejects.toBeInstanceOf(
      AnsweredBefore,
    );
  });

  it('does not matter where repeating does no harm', async () => {
    await call('POST /users', alice);
    for (const comments of ['first', 'second']) {
      const answer = await call('PATCH /users/alice', { comments }, underKey('one'));
      expect([answer.status, answer.body['comments']]).toEqual([200, comments]);
    }
    expect(await kept()).toEqual([]);
  });
});
