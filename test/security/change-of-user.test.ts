import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOverBothStores } from '../e2e/over-both-stores.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { newPassword, type TestAccount, type TestUser } from '../support/test-account.ts';

describeOverBothStores('another user in the same browser', (server) => {
  let account: TestAccount;
  let app: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    app = await connectRelyingParty(account);
  });
  afterAll(() => app.close());

  /** Everything that ends a user's sessions raises their epoch by one; so does choosing a password. */
  async function userAtEpoch(epoch: 1 | 2): Promise<TestUser> {
    const user = await account.createUser();
    if (epoch === 1) return user;
    const password = newPassword();
    await account.manage(`PUT /users/${user.userName}/login-profile`, { password, resetRequired: false });
    return { ...user, password };
  }

  it.each([
    [1, 1],
    [1, 2],
    [2, 1],
  ] as const)(
    'takes over from a first one, whatever happened to either before (epochs %i and %i)',
    async (first, second) => {
      const [alice, bob] = [await userAtEpoch(first), await userAtEpoch(second)];
      const browser = createHttpBrowser();
      await logOnToPortal(browser, account.issuer, alice);
      const request = await app.request({ prompt: 'login' });
      const handover = await browser.submit(await browser.open(request.url), {
        username: bob.userName,
        password: bob.password,
      });
      const { url } = await browser
        .submit(handover, {})
        .then(({ leftFor, url: address }) => ({ url: leftFor ?? address }));
      const tokens = await app.redeem(request, url);
      expect(tokens.claims()?.sub).toBe(bob.userId);
      const quiet = await browser.open((await app.request({ prompt: 'none' })).url);
      expect(callbackOf(app, quiet).searchParams.has('code')).toBe(true);
    },
  );

  it('leaves nothing of the first one that a later change could bring back to life', async () => {
    const [alice, bob] = [await userAtEpoch(1), await userAtEpoch(2)];
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, alice);
    const page = await browser.open((await app.request({ prompt: 'login' })).url);
    // The page that asks the browser to end the first session is left unanswered.
    const handover = await browser.submit(page, { username: bob.userName, password: bob.password });
    expect(stepOf(handover)).toBeUndefined();
    const asAlice = async () =>
      callbackOf(app, await browser.open((await app.request({ prompt: 'none' })).url)).searchParams;
    await account.manage(`PUT /users/${alice.userName}/login-profile`, { mfaRequired: false });
    expect((await asAlice()).get('error')).toBe('login_required');
    await account.manage(`PATCH /users/${alice.userName}`, { status: 'frozen' });
    await account.manage(`PATCH /users/${alice.userName}`, { status: 'active' });
    expect((await asAlice()).get('error')).toBe('login_required');
    expect((await asAlice()).has('code')).toBe(false);
  });

  it('does not get a token where the app asked for the first one', async () => {
    const [alice, bob] = [await userAtEpoch(1), await userAtEpoch(1)];
    const { tokens } = await app.signIn(createHttpBrowser(), alice);
    for (const parameters of [
      { id_token_hint: tokens.id_token ?? '' },
      { claims: JSON.stringify({ id_token: { sub: { value: alice.userId } } }) },
    ]) {
      const browser = createHttpBrowser();
      const course = await walkThroughLogon(browser, await browser.open((await app.request(parameters)).url), bob);
      const answer = callbackOf(app, course.page).searchParams;
      expect(answer.get('error')).toBe('login_required');
      expect(answer.has('code')).toBe(false);
      const asAlice = createHttpBrowser();
      const own = await walkThroughLogon(asAlice, await asAlice.open((await app.request(parameters)).url), alice);
      expect(callbackOf(app, own.page).searchParams.has('code')).toBe(true);
    }
  });

  it('a consent in one tab does not sign out another tab whose request is under way', async () => {
    const alice = await userAtEpoch(1);
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, alice);
    const before = browser.cookies.all().filter(({ name }) => name.endsWith('postern.session'));
    const third = await connectRelyingParty(account, { application: { firstParty: false } });
    const consent = await browser.open((await third.request()).url);
    expect(stepOf(consent)).toBe('consent');
    await browser.submit(consent, {}, { button: 'approve' });
    const after = browser.cookies.all().filter(({ name }) => name.endsWith('postern.session'));
    expect(after.map(({ value }) => value)).toEqual(before.map(({ value }) => value));
    expect(before).toHaveLength(1);
    await third.close();
  });
});
