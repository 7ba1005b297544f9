import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal } from '../../support/logon-driver.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

it('a page of ours stays itself when the name of an app reads like the script of the engine', async () => {
  const { clientId } = await account.createApplication({ displayName: 'x document.forms[0].submit()' });
  const browser = createHttpBrowser();
  await logOnToPortal(browser, account.issuer, await account.createUser());
  const question = await browser.open(`${account.issuer}/oauth2/logout?client_id=${clientId}`);
  expect(question.html).toContain('id="stay"');
  expect(question.html).not.toContain('handover');
  expect(question.forms[0]?.fields['xsrf']).toMatch(/^\S{10,}$/);
});
