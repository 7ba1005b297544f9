import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { giveAuthenticatorApp } from '../../support/factors.ts';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { stepOf } from '../../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import type { TestAccount, TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  app = await connectRelyingParty(account);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await app.close();
  await server.close();
});

const alone = { stopAt: () => true };
const typed = ({ userName: username, password }: TestUser) => ({ username, password });
const logonsOf = ({ userId }: TestUser): Promise<number> =>
  server.backend.db.$count(
    auditEvents,
    and(eq(auditEvents.actorUserId, userId), eq(auditEvents.action, 'logon'), eq(auditEvents.outcome, 'success')),
  );

/** The one statement that notes a logon fails, and nothing else. */
const failToNote = () =>
  vi.spyOn(server.backend.db, 'with').mockImplementation(() => {
    throw new StoreUnavailableError('database', new Error('away'));
  });

test.each([
  ['its only answer', false],
  ['the last of several', true],
])('a logon that cannot be noted with %s is none, wherever the browser goes', async (_which, hasApp) => {
  const user = await account.createUser();
  const authenticator = hasApp ? await giveAuthenticatorApp(server, account, user) : undefined;
  const browser = createHttpBrowser();
  let page = await browser.open((await app.request()).url);
  if (authenticator !== undefined) page = await browser.submit(page, typed(user));
  const uid = page.url.pathname.split('/').at(-1) ?? '';
  const failing = failToNote();
  const fields = authenticator === undefined ? typed(user) : { code: await authenticator.nextCode() };
  const answer = await browser.submit(page, fields, alone);
  expect(failing).toHaveBeenCalled();
  expect([answer.status, answer.leftFor]).toEqual([503, undefined]);
  failing.mockRestore();

  const resumed = await browser.open(`${account.issuer}/oauth2/authorize/${uid}`);
  expect(resumed.url.searchParams.has('code')).toBe(false);
  const silent = await browser.open((await app.request({ prompt: 'none' })).url);
  expect(silent.url.searchParams.get('error')).toBe('login_required');
  expect(await logonsOf(user)).toBe(0);
});

test('of two users who log on at once in one logon one is, and is noted; the other is told', async () => {
  const users = [await account.createUser(), await account.createUser()];
  for (let round = 0; round < 5; round += 1) {
    const browser = createHttpBrowser();
    const page = await browser.open((await app.request()).url);
    const before = await Promise.all(users.map(logonsOf));
    const answers = await Promise.all(users.map((user) => browser.submit(page, typed(user), alone)));
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([303, 400]);
    const after = await Promise.all(users.map(logonsOf));
    const noted = after.map((count, at) => count - (before[at] ?? 0));
    expect(noted).toEqual(answers.map(({ status }) => (status === 303 ? 1 : 0)));
    const won = answers.findIndex(({ status }) => status === 303);
    expect(stepOf(page)).toBe('password');
    await browser.open(answers[won]?.leftFor ?? '');
    const portal = await browser.open(account.issuer);
    expect(portal.html).toContain(`${users[won]?.userName}@`);
  }
});
