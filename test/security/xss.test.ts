import { eq } from 'drizzle-orm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applications } from '../../src/storage/db/schema/applications.ts';
import { users } from '../../src/storage/db/schema/users.ts';
import { describeWithChromium, openWindow, launchChromium, type Window } from '../support/chromium.ts';
import { type CallbackServer, startCallbackServer } from '../support/callback-server.ts';
import { polyglot } from '../support/hostile-page.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl } from './support/code-flow.ts';

/** What a hostile page would run if it could: each call is noted in the window. */
const trap = `window.__ran = []; window.__run = () => window.__ran.push(location.href); window.alert = window.__run;`;

/** Short enough for a name, and still breaking out of text and of either kind of attribute. */
const shortPolyglot = `"'\`><img src=x onerror=__run()></title></script><svg onload=__run()>`;

describeWithChromium('script in pages', () => {
  let server: TestServer;
  let app: CallbackServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  let chromium: Browser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    [account, app] = [await server.account(), await startCallbackServer()];
    application = await account.createApplication({
      displayName: shortPolyglot,
      firstParty: false,
      redirectUris: [app.redirectUri],
    });
    user = await account.createUser({ displayName: shortPolyglot });
    chromium = await launchChromium();
  });
  afterAll(async () => {
    await chromium.close();
    await app.close();
    await server.close();
  });

  const authorize = (clientId: string, changes: Readonly<Record<string, string>> = {}) =>
    authorizationUrl(account.issuer, clientId, { redirect_uri: app.redirectUri, ...changes });

  /** Opens a window of its own, does something in it, and finds that nothing ran, nothing was refused by the policy and nothing was asked of others. */
  const nothingRuns = async (work: (window: Window) => Promise<void>) => {
    const window = await openWindow(chromium);
    try {
      await window.context.addInitScript(trap);
      await work(window);
      expect(await ranIn(window)).toEqual([]);
      expect(window.faults).toEqual([]);
    } finally {
      await window.close();
    }
  };

  const ranIn = ({ page }: Window): Promise<unknown> => page.evaluate('window.__ran ?? []');

  /** A page of ours, with its policy; what was injected may stand in it as text and in no other way. */
  const look = async (current: Window, address: string) => {
    const answer = await current.page.goto(address);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
    await settle(current);
  };
  const settle = async (current: Window) => {
    expect(await ranIn(current)).toEqual([]);
    expect(
      await current.page
        .locator('img[src="x"], svg[onload], [onerror], [onfocus], a[href^="javascript:"], script:not([nonce])')
        .count(),
    ).toBe(0);
  };

  it('the trap would tell', async () => {
    const trapped = await openWindow(chromium);
    await trapped.context.addInitScript(trap);
    await trapped.page.goto(app.origin);
    await trapped.page.setContent(`<p>${shortPolyglot}</p>`);
    await expect.poll(() => ranIn(trapped)).not.toEqual([]);
    await trapped.close();
  });

  const names = [
    'username',
    'login_hint',
    'state',
    'nonce',
    'client_id',
    'redirect_uri',
    'scope',
    'response_type',
    'response_mode',
    'prompt',
    'error',
    'error_description',
    'error_hint',
    'ui_locales',
    'factor',
    'id_token_hint',
    'post_logout_redirect_uri',
    'logout_hint',
    'next',
    'max_age',
    'claims',
    'display',
    'acr_values',
    'resource',
    'code',
    'iss',
    'request',
  ];

  it('no parameter of any page runs anything', async () => {
    expect.hasAssertions();
    await nothingRuns(async (current) => {
      const all = new URLSearchParams(names.map((name): [string, string] => [name, polyglot])).toString();
      for (const path of [
        '',
        `/${account.alias}`,
        `/${account.alias}/portal/callback`,
        `/${account.alias}/portal/signed-out`,
        `/${account.alias}/logon/x`,
        `/${account.alias}/oauth2/logout`,
        `/${account.alias}/oauth2/logout/success`,
        `/${account.alias}/oauth2/authorize`,
        `/${account.alias}/oauth2/authorize/x`,
        '/nowhere',
        `/${account.alias}/nowhere`,
      ]) {
        await look(current, `${server.origin}${path}?${all}`);
      }
    });
  });

  it('no single parameter of the authorization endpoint runs anything', async () => {
    await nothingRuns(async (current) => {
      for (const name of names) {
        const address = authorize(application.clientId, { [name]: polyglot });
        const answer = await current.page.goto(address);
        const ended = new URL(current.page.url());
        // Either a page of ours, or the app's own address with the value encoded in it.
        if (ended.origin === server.origin)
          expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
        else expect(ended.href.startsWith(`${app.redirectUri}?`)).toBe(true);
        await settle(current);
      }
    });
  });

  it('what is typed into fields is shown again as text', async () => {
    await nothingRuns(async (current) => {
      await look(current, `${server.origin}/`);
      await current.page.fill('#username', `${polyglot}@${account.alias}`);
      await Promise.all([current.page.waitForEvent('load'), current.page.click('#continue')]);
      await settle(current);
      await look(current, authorize(application.clientId));
      await current.page.fill('#username', shortPolyglot.replaceAll('@', ''));
      await current.page.fill('#password', polyglot);
      await Promise.all([current.page.waitForEvent('load'), current.page.click('#continue')]);
      await expect.poll(() => current.page.locator('#error').count()).toBe(1);
      await settle(current);
      expect(await current.page.inputValue('#username')).toBe(shortPolyglot);
    });
  });

  it('names of apps and of people are text on every page that shows them', async () => {
    await nothingRuns(async (current) => {
      const { page } = current;
      await look(current, authorize(application.clientId, { state: polyglot }));
      expect(await page.locator('body').innerText()).toContain('onerror=__run()');
      await page.fill('#username', user.userName);
      await page.fill('#password', user.password);
      await Promise.all([page.waitForURL(/\/logon\//), page.click('#continue')]);
      await page.locator('#approve').waitFor();
      await settle(current);
      await Promise.all([page.waitForURL(`${app.redirectUri}?**`), page.click('#approve')]);
      expect(new URL(page.url()).searchParams.get('state')).toBe(polyglot);
      await look(current, account.issuer);
      expect(await page.locator('h1').innerText()).toContain('onerror=__run()');
      await look(
        current,
        `${account.issuer}/oauth2/logout?client_id=${application.clientId}&state=${encodeURIComponent(polyglot)}`,
      );
      expect(await page.locator('body').innerText()).toContain('onerror=__run()');
      await Promise.all([page.waitForURL(/logout\/success|signed-out/), page.click('#continue')]);
      await settle(current);
      await look(current, `${account.issuer}/logon/gone?client_id=${application.clientId}`);
    });
  });

  it('nor does what a hand put into the database, past every rule', async () => {
    const { db } = server.backend;
    const planted = await account.createApplication({ firstParty: true });
    const person = await account.createUser();
    await db
      .update(applications)
      .set({ displayName: polyglot, redirectUris: [app.redirectUri, 'javascript:__run()'] })
      .where(eq(applications.clientId, planted.clientId));
    await db
      .update(users)
      .set({ displayName: polyglot, email: polyglot, comments: polyglot })
      .where(eq(users.userId, person.userId));
    await nothingRuns(async (current) => {
      const { page } = current;
      await look(current, account.issuer);
      await page.fill('#username', person.userName);
      await page.fill('#password', person.password);
      await Promise.all([page.waitForURL(`${account.issuer}/portal`), page.click('#continue')]);
      await settle(current);
      await db.update(users).set({ userName: shortPolyglot }).where(eq(users.userId, person.userId));
      await look(current, account.issuer);
      expect(await page.locator('body').innerText()).toContain('onerror=__run()');
    });
  });

  it('an answer posted to the app carries a hostile state as text', async () => {
    const direct = await account.createApplication({ firstParty: true, redirectUris: [app.redirectUri] });
    await nothingRuns(async (current) => {
      const { page } = current;
      await look(current, authorize(direct.clientId, { response_mode: 'form_post', state: polyglot }));
      await page.fill('#username', user.userName);
      await page.fill('#password', user.password);
      const posted = page.waitForRequest((request) => request.url() === app.redirectUri && request.method() === 'POST');
      await Promise.all([page.waitForURL(app.redirectUri), page.click('#continue')]);
      expect(new URLSearchParams((await posted).postData() ?? '').get('state')).toBe(polyglot);
    });
  });
});
