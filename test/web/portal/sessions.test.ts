import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import type { BrowserPage } from '../../support/http-browser.ts';
import { stepOf } from '../../support/logon-driver.ts';
import { headingOf, noticeOn, openPortal, type PortalUser, signInToPortal } from '../../support/portal-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  app = await connectRelyingParty(account, { application: { displayName: 'Payroll' } });
});
afterAll(async () => {
  await app.close();
  await server.close();
});

const isSignedIn = async (user: PortalUser): Promise<boolean> => headingOf(await user.open('')).startsWith('Hello');

const idsOn = ({ forms }: BrowserPage, field: string): string[] =>
  forms.flatMap(({ action, fields }) => (action.includes('/sessions/') && fields[field]) || []);

it('shows each session with its apps, and which of them this is', async () => {
  const user = await openPortal(account);
  const elsewhere = await signInToPortal(account, user);
  await app.signIn(elsewhere.browser, user);
  const [here, there] = [await user.open('/sessions'), await elsewhere.open('/sessions')];
  for (const page of [here, there]) {
    expect(idsOn(page, 'session')).toHaveLength(2);
    expect(page.html.match(/This browser/g)).toHaveLength(1);
    expect(page.html).toContain('Payroll');
  }
  expect(new Set(idsOn(here, 'session'))).toEqual(new Set(idsOn(there, 'session')));
  const cookies = user.browser.cookies.headerFor(here.url);
  for (const id of idsOn(here, 'session')) expect(cookies).not.toContain(id);
});

it('ends one session, and no other', async () => {
  const user = await openPortal(account);
  const elsewhere = await signInToPortal(account, user);
  const page = await user.open('/sessions');
  const [mine] = page.html.split('This browser')[1]?.match(/[\w-]{43}(?=">\s*<button)/) ?? [];
  const theirs = idsOn(page, 'session').find((id) => id !== mine) ?? '';
  const done = await user.send(page, '/sessions/end', { session: theirs });
  expect(noticeOn(done)).toBe('Signed out there.');
  expect([await isSignedIn(user), await isSignedIn(elsewhere)]).toEqual([true, false]);
});

it('ends all others, and stays', async () => {
  const user = await openPortal(account);
  const others = [await signInToPortal(account, user), await signInToPortal(account, user)];
  const done = await user.send(await user.open('/sessions'), '/sessions/end-others');
  expect(noticeOn(done)).toBe('Signed out everywhere else.');
  expect(idsOn(done, 'session')).toHaveLength(1);
  expect(done.html).not.toContain('end-others');
  expect(await isSignedIn(user)).toBe(true);
  for (const other of others) expect(await isSignedIn(other)).toBe(false);
});

it('ending this very session leads out', async () => {
  const user = await openPortal(account);
  const page = await user.open('/sessions');
  const [mine = ''] = idsOn(page, 'session');
  const done = await user.send(page, '/sessions/end', { session: mine });
  expect(headingOf(done)).toBe('You are signed out');
  expect(stepOf(await user.open(''))).toBe('password');
});

it('ends all, this one too, and forgets the devices; those of somebody else stay', async () => {
  const [user, bystander] = [await openPortal(account), await openPortal(account)];
  const elsewhere = await signInToPortal(account, user);
  const page = await user.open('/sessions');
  expect(idsOn(page, 'device')).toHaveLength(2);
  const done = await user.send(page, '/sessions/end-all');
  expect([done.url.pathname, headingOf(done)]).toEqual([`/${account.alias}/portal/signed-out`, 'You are signed out']);
  expect([await isSignedIn(user), await isSignedIn(elsewhere), await isSignedIn(bystander)]).toEqual([
    ...[false, false, true],
  ]);
  const devicesOf = async ({ userName }: PortalUser) =>
    (await account.manage(`GET /users/${userName}/devices`))['items'];
  expect([await devicesOf(user), await devicesOf(bystander)]).toEqual([[], [expect.anything()]]);
});

it('tells how long a device spares the second step only as long as the account lets it', async () => {
  const user = await openPortal(account);
  const mfaSavedUntil = new Date(Date.now() + 86_400_000);
  await server.backend.db.update(knownDevices).set({ mfaSavedUntil }).where(eq(knownDevices.userId, user.userId));
  const told = 'Not asked for the second step until';
  const prefer = (enableSaveMFATicket: boolean) =>
    account.manage('PATCH /account/security-preferences', { enableSaveMFATicket });
  const pages = [];
  for (const on of [true, false]) {
    await prefer(on);
    pages.push(await user.open('/sessions'));
  }
  expect(pages.map(({ html }) => html.includes(told))).toEqual([true, false]);
  for (const page of pages) expect(idsOn(page, 'device')).toHaveLength(1);
});

it("another user's session is neither shown nor ended, nor is one that is no id", async () => {
  const [user, other] = [await openPortal(account), await openPortal(account)];
  const [theirs = ''] = idsOn(await other.open('/sessions'), 'session');
  const page = await user.open('/sessions');
  expect(idsOn(page, 'session')).not.toContain(theirs);
  const form = page.forms.find(({ action }) => action.endsWith('/sessions/end'));
  if (form === undefined) throw new Error('no form');
  const ends = (session: string) => user.browser.submit(page, { session }, { form });
  expect((await ends(theirs)).status).toBe(404);
  for (const session of ['', 'x', '../../x', 'A'.repeat(43)])
    expect((await ends(session)).status, session).toBeGreaterThanOrEqual(400);
  expect([await isSignedIn(other), await isSignedIn(user)]).toEqual([true, true]);
});

it('forgets a known device of the user, and no other', async () => {
  const [user, other] = [await openPortal(account), await openPortal(account)];
  const [theirs = ''] = idsOn(await other.open('/sessions'), 'device');
  const page = await user.open('/sessions');
  const [mine = ''] = idsOn(page, 'device');
  expect([mine, theirs].every((id) => id.startsWith('dev_'))).toBe(true);
  const form = page.forms.find(({ action }) => action.endsWith('/sessions/forget'));
  if (form === undefined) throw new Error('no form');
  expect((await user.browser.submit(page, { device: theirs }, { form })).status).toBe(404);
  expect(idsOn(await other.open('/sessions'), 'device')).toEqual([theirs]);
  const done = await user.send(page, '/sessions/forget', { device: mine });
  expect(noticeOn(done)).toBe('The device is forgotten.');
  expect(idsOn(done, 'device')).toEqual([]);
  expect(await isSignedIn(user)).toBe(true);
});
