import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BrowserPage } from '../../support/http-browser.ts';
import { textOf } from '../../support/page-forms.ts';
import { headingOf, noticeOn, openPortal, type PortalUser } from '../../support/portal-driver.ts';
import { requestAccessKeyToken, type TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  await account.manage('PATCH /account/security-preferences', { allowUserToManageAccessKeys: true });
});
afterAll(() => server.close());

const create = async (user: PortalUser): Promise<BrowserPage> =>
  await user.send(await user.open('/access-keys'), '/access-keys');

const keyOn = ({ html }: BrowserPage) => ({
  id: textOf(html, 'access-key-id') ?? '',
  secret: textOf(html, 'access-key-secret') ?? '',
});

const works = async (key: { id: string; secret: string }): Promise<boolean> =>
  (await requestAccessKeyToken(account.issuer, key)).status === 200;

it('a key works, and its secret is on one page alone', async () => {
  const user = await openPortal(account);
  const page = await create(user);
  const key = keyOn(page);
  expect(noticeOn(page)).toBe('The access key is ready.');
  expect(await works(key)).toBe(true);
  for (const later of [await user.browser.open(page.url), await user.open('/access-keys')]) {
    expect(later.html).toContain(key.id);
    expect(later.html).not.toContain(key.secret);
  }
  expect(page.url.href).not.toContain(key.secret);
  const logged = server.logLines.join('\n');
  expect(logged).not.toContain(key.secret);
});

it('is disabled, enabled and deleted, and holds so at once', async () => {
  const user = await openPortal(account);
  const key = keyOn(await create(user));
  const change = async (path: string, fields: Record<string, string>) =>
    await user.send(await user.open('/access-keys'), path, { key: key.id, ...fields });
  expect(noticeOn(await change('/access-keys/change', {}))).toContain('is disabled');
  expect(await works(key)).toBe(false);
  expect(noticeOn(await change('/access-keys/change', {}))).toContain('is enabled');
  expect(await works(key)).toBe(true);
  expect(noticeOn(await change('/access-keys/delete', {}))).toContain('is deleted');
  expect(await works(key)).toBe(false);
});

it('one more than the quota allows is refused in words, and not made', async () => {
  const user = await openPortal(account);
  await create(user);
  await create(user);
  const refused = await create(user);
  expect(refused.status).toBe(409);
  expect(refused.html).toContain('as many access keys as one may have');
  expect(refused.html.match(/Never used/g)).toHaveLength(2);
});

it("another user's key is neither shown nor changed", async () => {
  const [user, other] = [await openPortal(account), await openPortal(account)];
  const theirs = keyOn(await create(other));
  const page = await create(user);
  expect(page.html).not.toContain(theirs.id);
  const csrf = page.forms[0]?.fields['csrf'] ?? '';
  for (const path of ['/access-keys/change', '/access-keys/delete']) {
    const answer = await user.browser.open(`${account.issuer}/portal${path}`, {
      ...{ method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } },
      fields: { csrf, key: theirs.id, status: 'inactive' },
    });
    expect(answer.status, path).toBe(404);
    expect(answer.html).toContain('It is not there any more');
  }
  expect(await works(theirs)).toBe(true);
});

it('where the account does not let users manage keys there is no such part, and its forms are refused', async () => {
  const other = await server.account();
  const user = await openPortal(other);
  const csrf = user.page.forms[0]?.fields['csrf'] ?? '';
  const answer = await user.browser.open(`${other.issuer}/portal/access-keys`, {
    ...{ method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, fields: { csrf } },
  });
  expect([answer.status, headingOf(answer)]).toEqual([403, 'Access keys']);
  expect(answer.html).not.toContain('create-key');
  const { items } = await other.manage(`GET /users/${user.userName}/access-keys`);
  expect(items).toEqual([]);
});

it('a policy that allows it opens the part, whatever the account says', async () => {
  const other = await server.account();
  const user = await openPortal(other);
  await other.manage(`PUT /users/${user.userName}/policies/system/AliyunRAMFullAccess`);
  const page = await user.open('/access-keys');
  expect(page.html).toContain('create-key');
  expect(page.html).toContain('/portal/access-keys" aria-current="page"');
});
