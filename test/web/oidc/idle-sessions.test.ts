import * as oidc from 'openid-client';
import { errors } from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLiveState } from '../../../src/domain/live-state/live-state.ts';
import { describeOverBothStores } from '../../e2e/over-both-stores.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal } from '../../support/logon-driver.ts';
import { entriesOf, letTimePass, type TimedEntry } from '../../support/passing-time.ts';
import { connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import type { TestAccount, TestUser } from '../../support/test-account.ts';
import { userinfoStatus } from '../../security/support/code-flow.ts';
import { createArtefactHints } from '../../../src/web/oidc/artefact-hints.ts';
import { createSessionAdapter, prolongSession, type SessionDeps } from '../../../src/web/oidc/session-adapter.ts';
import { type RequestState, requestState, withRequestState } from '../../../src/web/oidc/request-state.ts';

const minutes = (count: number): number => count * 60;

describeOverBothStores('sessions that are not used', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  let browser: HttpBrowser;
  beforeAll(async () => {
    account = await server().account();
    app = await connectRelyingParty(account);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    await prefer({ loginSessionIdleMinutes: 10, loginSessionDuration: 6 });
    user = await account.createUser();
    browser = createHttpBrowser();
  });

  const prefer = (changes: object) => account.manage('PATCH /account/security-preferences', changes);
  const pass = (seconds: number) => letTimePass(server(), account.alias, seconds);
  const isSignedIn = async (): Promise<boolean> =>
    (await browser.open((await app.request({ prompt: 'none' })).url)).url.searchParams.has('code');
  const seesPortal = async (): Promise<boolean> => (await browser.open(account.issuer)).html.includes(user.userName);
  const refresh = (tokens: { refresh_token?: string | undefined }) =>
    oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '');
  const entries = async (model: string): Promise<TimedEntry[]> =>
    (await entriesOf(server(), account.alias)).filter(({ key }) => key.startsWith(`oidc:${account.alias}:${model}:`));
  /** The stored session of the user of this test. */
  const record = async (): Promise<TimedEntry> => {
    const found = (await entries('Session')).find(({ value }) => value.includes(user.userId));
    if (found === undefined) throw new Error('the user has no session');
    return found;
  };
  const listed = async () =>
    (await account.manage(`GET /users/${user.userName}/sessions`))['items'] as Readonly<Record<string, string>>[];

  it('end at the idle limit, with everything that ends with them, hours before they could have lasted', async () => {
    const { tokens } = await app.signIn(browser, user);
    expect((await record()).leftMs / 1000).toBeLessThanOrEqual(minutes(10));
    await pass(minutes(10) - 30);
    expect(await userinfoStatus(account.issuer, tokens.access_token)).toBe(200);
    expect(await listed()).toHaveLength(1);
    await pass(30);
    expect(await userinfoStatus(account.issuer, tokens.access_token)).toBe(401);
    await expect(refresh(tokens)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await isSignedIn()).toBe(false);
    expect(await seesPortal()).toBe(false);
    expect(await listed()).toEqual([]);
  });

  it.each(['an app that signs in with them', 'the portal', 'a refresh of a token that ends with them'])(
    'are prolonged by %s',
    async (by) => {
      const { tokens } = await app.signIn(browser, user);
      const held = { tokens };
      const use = async (): Promise<void> => {
        if (by === 'the portal') expect(await seesPortal()).toBe(true);
        else if (by.startsWith('an app')) expect(await isSignedIn()).toBe(true);
        else held.tokens = { ...held.tokens, ...(await refresh(held.tokens)) };
      };
      for (let round = 0; round < 3; round += 1) {
        await pass(minutes(9));
        await use();
        expect((await record()).leftMs / 1000).toBeGreaterThan(minutes(10) - 30);
      }
      await pass(minutes(10));
      expect(await seesPortal()).toBe(false);
    },
  );

  it('are not prolonged by looking into tokens: userinfo and introspection are the app’s doing, not the user’s', async () => {
    const { tokens } = await app.signIn(browser, user);
    await pass(minutes(9));
    const before = await record();
    expect(await userinfoStatus(account.issuer, tokens.access_token)).toBe(200);
    expect((await oidc.tokenIntrospection(app.configuration, tokens.access_token)).active).toBe(true);
    expect((await oidc.tokenIntrospection(app.configuration, tokens.refresh_token ?? '')).active).toBe(true);
    const after = await record();
    expect(after.value).toBe(before.value);
    expect(after.leftMs).toBeLessThanOrEqual(before.leftMs);
    await pass(minutes(1));
    expect(await userinfoStatus(account.issuer, tokens.access_token)).toBe(401);
  });

  it('used again within a tenth of the limit are not written again, by whatever uses them', async () => {
    const { tokens } = await app.signIn(browser, user);
    await pass(30);
    const session = await record();
    const cookies = await entries('SessionCookie');
    expect([await isSignedIn(), await seesPortal()]).toEqual([true, true]);
    await refresh(tokens);
    const after = await record();
    expect(after.value).toBe(session.value);
    expect(after.leftMs).toBeLessThanOrEqual(session.leftMs);
    for (const { key, value, leftMs } of await entries('SessionCookie')) {
      const before = cookies.find((cookie) => cookie.key === key);
      expect(value).toBe(before?.value);
      expect(leftMs).toBeLessThanOrEqual(before?.leftMs ?? 0);
    }
    await pass(30);
    expect(await isSignedIn()).toBe(true);
    expect((await record()).leftMs).toBeGreaterThan(after.leftMs);
  });

  it('last no longer than a logon may, however much they are used', async () => {
    await prefer({ loginSessionIdleMinutes: 1440, loginSessionDuration: 1 });
    await app.signIn(browser, user);
    const ends = (await listed())[0]?.['endsAt'];
    expect((await record()).leftMs / 1000).toBeLessThanOrEqual(minutes(60));
    await pass(minutes(59));
    expect(await isSignedIn()).toBe(true);
    const [view] = await listed();
    expect([view?.['endsAt'], view?.['idleEndsAt']]).toEqual([ends, ends]);
  });

  it('the value of a cookie lasts as long as its session may, also where that became longer', async () => {
    await app.signIn(browser, user);
    const longest = async () => Math.max(...(await entries('SessionCookie')).map(({ leftMs }) => leftMs / 1000));
    expect(await longest()).toBeGreaterThan(minutes(6 * 60 - 1));
    expect(await longest()).toBeLessThanOrEqual(minutes(6 * 60));
    await prefer({ loginSessionDuration: 12 });
    expect(await isSignedIn()).toBe(true);
    expect(await longest()).toBeGreaterThan(minutes(12 * 60 - 1));
  });

  it.each([
    ['shorter', 5],
    ['longer', 60],
  ])('a limit that becomes %s holds from their next use on', async (_how, limit) => {
    const { tokens } = await app.signIn(browser, user);
    await prefer({ loginSessionIdleMinutes: limit });
    expect(Math.round((await record()).leftMs / 60_000)).toBe(10);
    if (limit === 5) await refresh(tokens);
    else expect(await isSignedIn()).toBe(true);
    expect(Math.round((await record()).leftMs / 60_000)).toBe(limit);
    const [view] = await listed();
    const idle = Date.parse(view?.['idleEndsAt'] ?? '') - Date.parse(view?.['lastUsedAt'] ?? '');
    expect(idle).toBe(minutes(limit) * 1000);
  });

  it('say when they were last used and when they end unless they are used again', async () => {
    await logOnToPortal(browser, account.issuer, user);
    await pass(minutes(8));
    const [unused] = await listed();
    const ago = (time: string | undefined): number => (Date.now() - Date.parse(time ?? '')) / 1000;
    expect(ago(unused?.['lastUsedAt'])).toBeGreaterThanOrEqual(minutes(8));
    expect(ago(unused?.['idleEndsAt'])).toBeGreaterThan(-minutes(2) - 1);
    expect(await seesPortal()).toBe(true);
    const [used] = await listed();
    expect(ago(used?.['lastUsedAt'])).toBeLessThan(30);
    expect(used?.['startedAt']).toBe(unused?.['startedAt']);
  });

  describe('in a request that has one in hand', () => {
    const life = { absoluteSeconds: minutes(360), idleSeconds: minutes(10) };
    const deps = (): SessionDeps => ({
      ephemeral: server().backend.ephemeral,
      liveState: createLiveState(server().backend.db),
      hints: createArtefactHints(),
      issuerName: account.alias,
      sessionLife: life,
    });
    /** Reads the user's session as a request does, and goes on with it. */
    const withSession = async <T>(act: (state: RequestState, uid: string) => Promise<T>): Promise<T> => {
      const live = await createLiveState(server().backend.db).read('account', account.accountId);
      if (live === undefined) throw new Error('no account');
      const { uid } = (JSON.parse((await record()).value) as { payload: { uid: string } }).payload;
      return await withRequestState(live, async () => {
        expect(await createSessionAdapter(deps()).findByUid(uid)).toBeDefined();
        return await act(requestState(), uid);
      });
    };
    beforeEach(async () => {
      await app.signIn(browser, user);
      await pass(minutes(5));
    });

    it('a refresh prolongs no session that was ended meanwhile', async () => {
      const { key } = await record();
      await withSession(async (state, uid) => {
        await server().backend.ephemeral.delete(key);
        await prolongSession(deps(), state, uid);
      });
      expect(await server().backend.ephemeral.get(key)).toBeUndefined();
    });

    it('nor does a page, which is told that the session has ended', async () => {
      const { key } = await record();
      await withSession(async (_state, uid) => {
        const adapter = createSessionAdapter(deps());
        const payload = await adapter.findByUid(uid);
        if (!payload) throw new Error('no session');
        await server().backend.ephemeral.delete(key);
        await expect(adapter.upsert('a-cookie', payload, 60)).rejects.toBeInstanceOf(errors.SessionNotFound);
      });
      expect(await server().backend.ephemeral.get(key)).toBeUndefined();
    });

    it('a refresh leaves what another request has made of the session meanwhile', async () => {
      const { key, value } = await record();
      const changed = JSON.stringify({ ...(JSON.parse(value) as object), use: { at: 1, idleSeconds: 600 } });
      await withSession(async (state, uid) => {
        expect(await server().backend.ephemeral.compareAndSet(key, value, changed)).toBe(true);
        await prolongSession(deps(), state, uid);
      });
      expect(await server().backend.ephemeral.get(key)).toBe(changed);
    });
  });
});
