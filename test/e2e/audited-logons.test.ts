import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as oidc from 'openid-client';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, walkThroughLogon } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

interface ShownEvent {
  readonly action: string;
  readonly outcome: string;
  readonly userName: string | null;
  readonly via: string;
  readonly sourceIp: string | null;
  readonly resource: string;
  readonly details: Readonly<Record<string, unknown>>;
}

describeOverBothStores('outcomes of a logon in the audit log', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let thirdParty: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    thirdParty = await connectRelyingParty(account, { application: { firstParty: false } });
  });
  afterAll(() => thirdParty.close());
  beforeEach(async () => {
    user = await account.createUser();
  });

  /** What the log tells of this user, oldest first, but for the administrator's own doings. */
  const told = async (): Promise<ShownEvent[]> => {
    const resource = `acs:ram:*:${account.accountId}:user/${user.userName}`;
    const { items } = await account.manage(`GET /audit-events?resource=${encodeURIComponent(resource)}`);
    return (items as ShownEvent[]).filter(({ via }) => via === 'logon').toReversed();
  };
  const outline = async () => (await told()).map(({ action, outcome, details }) => ({ action, outcome, ...details }));

  it('a wrong password, then the right one, then a sign-out by the portal', async () => {
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, { ...user, password: 'wrong' });
    const { page } = await logOnToPortal(browser, account.issuer, user);
    await browser.submit(page, {});
    expect(await outline()).toMatchObject([
      { action: 'logon', outcome: 'refused', factor: 'password' },
      { action: 'logon', outcome: 'success', amr: ['pwd'] },
      { action: 'signOut', outcome: 'success', apps: ['postern-portal'] },
    ]);
    for (const { userName, sourceIp } of await told()) {
      expect(userName).toBe(user.userName);
      expect(['127.0.0.1', '::1']).toContain(sourceIp);
    }
  });

  it('consent given, and consent denied', async () => {
    const { clientId } = thirdParty.application;
    const denied = createHttpBrowser();
    const { url } = await thirdParty.request({ scope: 'openid email' });
    await walkThroughLogon(denied, await denied.open(url), { ...user, decision: 'deny' });
    await thirdParty.signIn(createHttpBrowser(), user, { scope: 'openid email' });
    expect((await outline()).filter(({ action }) => action === 'consent')).toEqual([
      { action: 'consent', outcome: 'refused', app: clientId },
      { action: 'consent', outcome: 'success', app: clientId, scopes: ['openid', 'email'] },
    ]);
  });

  it('a sign-out that the app asked for, at once by its hint or by the question; none where it was declined', async () => {
    const { configuration } = thirdParty;
    const browser = createHttpBrowser();
    const { tokens } = await thirdParty.signIn(browser, user);
    const question = await browser.open(oidc.buildEndSessionUrl(configuration, {}));
    await browser.submit(question, {}, { button: 'stay' });
    const signOuts = async () => (await outline()).filter(({ action }) => action === 'signOut').length;
    expect(await signOuts()).toBe(0);
    await browser.open(oidc.buildEndSessionUrl(configuration, { id_token_hint: tokens.id_token ?? '' }));
    expect(await signOuts()).toBe(1);
    await thirdParty.signIn(browser, user);
    const again = await browser.open(oidc.buildEndSessionUrl(configuration, {}));
    await browser.submit(again, {}, { button: 'continue' });
    expect(await signOuts()).toBe(2);
  });

  it('a wrong code while an app is bound, and the binding', async () => {
    user = await account.createUser({ mfaRequired: true });
    const browser = createHttpBrowser();
    const bind = await browser.submit(await browser.open((await thirdParty.request()).url), {
      username: user.userName,
      password: user.password,
    });
    await browser.submit(bind, { code: '000000' });
    await walkThroughLogon(browser, bind, { ...user, decision: 'approve' });
    expect(await outline()).toMatchObject([
      { action: 'logon', outcome: 'refused', factor: 'bind', reason: 'wrong' },
      { action: 'ram:BindMFADevice', outcome: 'success' },
      { action: 'logon', outcome: 'success' },
      { action: 'consent', outcome: 'success' },
    ]);
  });

  it('a proof that was void by the time it was answered', async () => {
    user = await account.createUser({ mfaRequired: true });
    const browser = createHttpBrowser();
    const first = await browser.open((await thirdParty.request()).url);
    await browser.submit(first, { username: user.userName, password: user.password });
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    const events = await outline();
    expect(events.filter(({ outcome }) => outcome === 'success')).toEqual([]);
  });
});
