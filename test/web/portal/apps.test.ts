import * as oidc from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { describeOverBothStores, describeWithPostgresAndRedis } from '../../e2e/over-both-stores.ts';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../../support/logon-driver.ts';
import { headingOf, noticeOn, openPortal, type PortalUser } from '../../support/portal-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty, type Tokens } from '../../support/relying-party.ts';
import { startServerPair } from '../../support/server-pair.ts';
import type { TestAccount } from '../../support/test-account.ts';

const apps: RelyingParty[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const connect = async (account: TestAccount, application: Record<string, unknown> = {}): Promise<RelyingParty> => {
  const app = await connectRelyingParty(account, { application: { firstParty: false, ...application } });
  apps.push(app);
  return app;
};

const offline = { scope: 'openid profile offline_access', prompt: 'consent' };

/** Whether what an app got opens anything still: userinfo, introspection, a refresh. */
async function opens({ configuration }: RelyingParty, tokens: Tokens): Promise<Record<string, boolean>> {
  const { access_token: access, refresh_token: refresh } = tokens;
  const works = (use: Promise<unknown>) =>
    use.then(
      () => true,
      () => false,
    );
  const told = await oidc.tokenIntrospection(configuration, access).catch(() => ({ active: false }));
  return {
    userinfo: await works(oidc.fetchUserInfo(configuration, access, oidc.skipSubjectCheck)),
    introspection: told.active,
    ...(refresh === undefined ? {} : { refresh: await works(oidc.refreshTokenGrant(configuration, refresh)) }),
  };
}

const all = { userinfo: true, introspection: true, refresh: true };
const none = { userinfo: false, introspection: false, refresh: false };

async function withdraw(user: PortalUser, { application }: RelyingParty) {
  const page = await user.open('/apps');
  return await user.send(page, '/apps/withdraw', { app: application.clientId });
}

describeOverBothStores('apps with access', (server) => {
  it('shows what was allowed to whom, and ends at once all that the app holds', async () => {
    const account = await server().account();
    const [app, other] = [
      await connect(account, { displayName: 'Field <Reports>' }),
      await connect(account, { displayName: 'Kept' }),
    ];
    const user = await openPortal(account);
    const { tokens } = await app.signIn(user.browser, user, offline);
    const elsewhere = await app.signIn(createHttpBrowser(), user, offline);
    const kept = await other.signIn(user.browser, user, offline);
    const stranger = await openPortal(account);
    const theirs = await app.signIn(stranger.browser, stranger, offline);
    expect([await opens(app, tokens), await opens(other, kept.tokens)]).toEqual([all, all]);

    const page = await user.open('/apps');
    expect(page.html).toContain('Field &lt;Reports&gt;');
    for (const words of ['Your profile', 'Also while you are away', 'Kept']) expect(page.html).toContain(words);
    const done = await withdraw(user, app);
    expect(noticeOn(done)).toBe('The app has no access any more.');
    expect(done.html).not.toContain('Field');
    expect(await opens(app, elsewhere.tokens)).toEqual(none);
    expect((await opens(app, tokens))['userinfo']).toBe(false);
    expect(await opens(app, theirs.tokens)).toEqual(all);
    expect((await opens(other, kept.tokens))['userinfo']).toBe(true);
    expect(headingOf(await user.open(''))).toMatch(/^Hello/);
  });

  it('a code that is under way is worth nothing, and the app has to ask again', async () => {
    const account = await server().account();
    const app = await connect(account);
    const user = await openPortal(account);
    await app.signIn(user.browser, user, { scope: 'openid profile' });
    const request = await app.request({ scope: 'openid profile' });
    const callback = callbackOf(app, await user.browser.open(request.url));
    expect(callback.searchParams.has('code')).toBe(true);
    await withdraw(user, app);
    await expect(app.redeem(request, callback)).rejects.toThrow();
    const again = await user.browser.open((await app.request({ scope: 'openid profile' })).url);
    expect(stepOf(again)).toBe('consent');
  });

  it('reaches what was granted at a former alias of the account', async () => {
    const account = await server().account();
    const app = await connect(account);
    const user = await openPortal(account);
    const { tokens } = await app.signIn(user.browser, user, offline);
    const alias = `${account.alias}-new`;
    await account.manage('PATCH /account', { alias });
    expect((await opens(app, tokens))['userinfo']).toBe(true);
    const browser = createHttpBrowser();
    const issuer = `${server().origin}/${alias}`;
    await logOnToPortal(browser, issuer, user);
    const page = await browser.open(`${issuer}/portal/apps`);
    const form = page.forms.find(({ action }) => action.endsWith('/apps/withdraw'));
    if (form === undefined) throw new Error('no form');
    await browser.submit(page, {}, { form });
    expect((await opens(app, tokens))['userinfo']).toBe(false);
  });

  it('takes back nothing twice, and nothing of what another user allowed', async () => {
    const account = await server().account();
    const app = await connect(account);
    const [user, other] = [await openPortal(account), await openPortal(account)];
    await app.signIn(user.browser, user, offline);
    const { tokens } = await app.signIn(other.browser, other, offline);
    const page = await user.open('/apps');
    await user.send(page, '/apps/withdraw');
    const again = await user.send(page, '/apps/withdraw');
    expect([again.status, again.html.includes('It is not there any more')]).toEqual([404, true]);
    expect(await opens(app, tokens)).toEqual(all);
    expect((await other.open('/apps')).html).toContain(app.application.displayName);
  });

  it('a grant that is saved after the withdrawal has looked for it is ended by whoever saved it', async () => {
    const account = await server().account();
    const app = await connect(account);
    const user = await openPortal(account);
    await app.signIn(createHttpBrowser(), user, { scope: 'openid profile' });
    const { ephemeral } = server().backend;
    const addToIndex = ephemeral.addToIndex.bind(ephemeral);
    const withdrawals: string[] = [];
    // The withdrawal, from its beginning to its end, between the saving of a grant and its being noted.
    const interleaved: typeof addToIndex = async (key, member, ttlSeconds) => {
      if (key.startsWith('grants:') && withdrawals.length === 0) {
        withdrawals.push(key);
        expect(noticeOn(await withdraw(user, app))).toBe('The app has no access any more.');
      }
      await addToIndex(key, member, ttlSeconds);
    };
    Object.assign(ephemeral, { addToIndex: interleaved });
    try {
      const request = await app.request({ scope: 'openid profile', prompt: 'none' });
      const callback = callbackOf(app, await user.browser.open(request.url));
      expect(withdrawals).toHaveLength(1);
      expect(callback.searchParams.get('error')).toBe('consent_required');
    } finally {
      Object.assign(ephemeral, { addToIndex });
    }
  });

  it('a sign-in at the same moment leaves the app nothing', async () => {
    const account = await server().account();
    const app = await connect(account);
    const user = await openPortal(account);
    const outcomes: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const fresh = createHttpBrowser();
      await app.signIn(fresh, user, { scope: 'openid profile' });
      const page = await user.open('/apps');
      const request = await app.request({ scope: 'openid profile', prompt: 'none' });
      const [arrived] = await Promise.all([user.browser.open(request.url), user.send(page, '/apps/withdraw')]);
      const callback = callbackOf(app, arrived);
      const tokens = callback.searchParams.has('code')
        ? await app.redeem(request, callback).catch(() => undefined)
        : undefined;
      outcomes.push(tokens === undefined ? 'nothing' : 'tokens');
      if (tokens !== undefined) expect((await opens(app, tokens))['userinfo']).toBe(false);
      expect((await user.open('/apps')).html).not.toContain(app.application.displayName);
    }
    expect(outcomes).toHaveLength(6);
  });
});

describeWithPostgresAndRedis('apps with access, on two processes', () => {
  // Two processes have to start first.
  it('what is withdrawn on one holds on the other', { timeout: 120_000 }, async () => {
    const pair = await startServerPair();
    try {
      const account = await pair.account();
      const app = await connect(account);
      const user = await openPortal(account);
      const { tokens } = await app.signIn(user.browser, user, offline);
      pair.routeTo(1);
      expect((await opens(app, tokens))['userinfo']).toBe(true);
      pair.routeTo(0);
      expect(noticeOn(await withdraw(user, app))).toBe('The app has no access any more.');
      pair.routeTo(1);
      expect(await opens(app, tokens)).toEqual(none);
    } finally {
      await pair.close();
    }
  });
});
