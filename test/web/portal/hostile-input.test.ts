import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { headingOf, openPortal, type PortalUser } from '../../support/portal-driver.ts';
import { polyglot } from '../../support/hostile-page.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let user: PortalUser;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded', settings: { LOG_LEVEL: 'error' } });
  account = await server.account();
  await account.manage('PATCH /account/security-preferences', { allowUserToManageAccessKeys: true });
  user = await openPortal(account);
});
afterAll(() => server.close());

const pages = [
  '',
  '/details',
  '/password',
  '/security',
  '/security/remove',
  '/security/app',
  '/security/passkey',
].concat(
  ...[['/security/recovery-codes', '/access-keys', '/sessions', '/apps', '/activity', '/signed-out', '/callback']],
);

/** All but those that end this session when they are right. */
const forms = [
  '/password',
  '/security/rename',
  '/security/remove',
  '/security/passkey',
  '/security/passkey/proof',
].concat(
  ...[['/security/app', '/security/recovery-codes', '/access-keys/change', '/access-keys/delete']],
  ...[['/sessions/end', '/sessions/forget', '/apps/withdraw']],
);

const fields = [
  'device',
  'name',
  'new_name',
  'key',
  'status',
  'session',
  'app',
  'proof',
  'by',
  'shown',
  'after',
].concat(
  ...[['code', 'code_1', 'code_2', 'password', 'passkey_response', 'old_password', 'new_password', 'lang', 'username']],
);

const ids = ['mfa_3k9xq2m7w4c8v1n6b5z0', 'PSTKx7Zq2mR4tYv9Kc1LpW3n', 'app_3k9xq2m7w4c8v1n6b5z0', 'A'.repeat(43)];
const text = fc.oneof(
  fc.constantFrom('', polyglot, '\u0000', '__proto__', '{}', '[]', 'null', '../..', 'x'.repeat(20_000), ...ids),
  fc.string({ unit: 'binary' }),
);
const entries = fc.dictionary(fc.constantFrom(...fields), text, { maxKeys: 5, noNullPrototype: true });

const wellFormed = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.toWellFormed()]));

it('pages answer any query, and print none of it as markup', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...pages), entries, async (path, given) => {
      const query = new URLSearchParams(wellFormed(given)).toString().slice(0, 8000);
      const page = await user.open(`${path}?${query}`);
      expect([path, page.status < 500]).toEqual([path, true]);
      expect(page.html).not.toContain('<img src=x');
    }),
    { numRuns: 150 },
  );
  expect(headingOf(await user.open(''))).toMatch(/^Hello/);
});

it('forms answer any fields, and change nothing by it', { timeout: 300_000 }, async () => {
  const csrf = user.page.forms[0]?.fields['csrf'] ?? '';
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...forms), entries, async (path, given) => {
      const answer = await user.browser.open(`${account.issuer}/portal${path}`, {
        ...{ method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } },
        fields: { ...wellFormed(given), csrf },
      });
      expect([path, answer.status < 500]).toEqual([path, true]);
      expect(answer.html).not.toContain('<img src=x');
    }),
    { numRuns: 250 },
  );
  expect(headingOf(await user.open(''))).toMatch(/^Hello/);
  const { items } = await account.manage(`GET /users/${user.userName}/mfa-devices`);
  expect(items).toEqual([]);
  expect(server.logLines).toEqual([]);
});
