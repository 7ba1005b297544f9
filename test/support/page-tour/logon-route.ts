import { expect } from 'vitest';
import { handoverScript } from '../page-browser.ts';
import { type AuthenticatorApp, createAuthenticatorApp } from '../authenticator-app.ts';
import { giveAuthenticatorApp, givePasskey } from '../factors.ts';
import { createSecurityKey } from '../software-authenticator.ts';
import { newPassword, type TestUser } from '../test-account.ts';
import { addVirtualAuthenticator } from '../virtual-authenticator.ts';
import type { Places } from './places.ts';
import type { Tour } from './tour.ts';

const essential = (acr: string) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values: [acr] } } }),
});

const everything = { scope: 'openid profile email phone groups offline_access', prompt: 'consent' };

const logOn = (tour: Tour, { userName, password }: TestUser) => tour.send({ username: userName, password });

/** From the page that asks for the account, through all that a new user is asked for, into the portal and out. */
export async function firstLogon(tour: Tour, { server, account }: Places): Promise<NewcomerKit> {
  const user = await account.createUser({ resetRequired: true, mfaRequired: true });
  const password = newPassword();
  await tour.open(`${server.origin}/`);
  await tour.stop('logon/general');
  await tour.send({ username: `${user.userName}@no-such-account` });
  await tour.stop('logon/general', 'refused');
  await tour.send({ username: `${user.userName}@${account.alias}` });
  await tour.stop('logon/password', 'name filled in');
  await tour.send({ password: 'not-the-password' });
  await tour.stop('logon/password', 'refused');
  await logOn(tour, user);
  await tour.stop('logon/reset');
  await tour.send({ new_password: 'short', confirm_password: 'shorter' });
  await tour.stop('logon/reset', 'refused');
  await tour.send({ new_password: password, confirm_password: password });
  await tour.stop('logon/bind');
  const authenticator = createAuthenticatorApp(await shownSecret(tour));
  await tour.send({ code: '000000' });
  await tour.stop('logon/bind', 'refused');
  await tour.send({ code: await authenticator.nextCode() });
  await tour.stop('logon/recovery-codes');
  const recoveryCodes = await tour.page.locator('#recovery-codes code').allTextContents();
  await tour.press('#continue');
  await tour.stop('portal/overview', 'nothing yet');
  await tour.press('#sign-out');
  await tour.stop('sign-out/done');
  return { user: { ...user, password }, authenticator, recoveryCodes };
}

/** What somebody has after their first logon. */
export interface NewcomerKit {
  readonly user: TestUser;
  readonly authenticator: AuthenticatorApp;
  readonly recoveryCodes: readonly string[];
}

export const shownSecret = async ({ page }: Tour): Promise<string> =>
  ((await page.textContent('#totp-secret')) ?? '').replace(/\s/g, '');

/** An app of others: second factor, recovery code, consent; the device that is remembered; the way out that the app asks for. */
export async function logonForApp(tour: Tour, { account, thirdParty }: Places, kit: NewcomerKit): Promise<void> {
  const { page } = tour;
  await tour.open((await thirdParty.request(everything)).url);
  await tour.stop('logon/password', 'for an app');
  await logOn(tour, kit.user);
  await tour.stop('logon/totp');
  await tour.send({ code: kit.authenticator.lastCode() });
  await tour.stop('logon/totp', 'refused');
  await tour.press('a[href$="factor=recovery"]');
  await tour.stop('logon/recovery');
  await tour.send({ recovery_code: 'not-a-code' });
  await tour.stop('logon/recovery', 'refused');
  await tour.touch('#remember_device');
  await tour.send({ recovery_code: kit.recoveryCodes[0] ?? '' });
  await tour.stop('logon/consent');
  await tour.press('#deny');
  await page.waitForURL(/error=access_denied/);

  await tour.open((await thirdParty.request(everything)).url);
  const waiting = page.url();
  await tour.press('#approve');
  await page.waitForURL(/code=/);
  await tour.open(waiting);
  await tour.stop('logon/stale');

  // The device stands in for the second factor.
  await page.context().clearCookies({ name: /session/ });
  await tour.open((await thirdParty.request({ scope: 'openid' })).url);
  await tour.stop('logon/password', 'on a remembered device');
  await logOn(tour, kit.user);
  await page.waitForURL(/code=/);
  await signOutOfApp(tour, { account, thirdParty });
}

async function signOutOfApp(tour: Tour, { account, thirdParty }: Pick<Places, 'account' | 'thirdParty'>) {
  const { page } = tour;
  const address = new URL(`${account.issuer}/oauth2/logout`);
  address.searchParams.set('client_id', thirdParty.application.clientId);
  await tour.open(address);
  await tour.stop('sign-out/question');
  await tour.press('#stay');
  await tour.stop('portal/overview', 'after staying');
  await tour.open(address);
  await tour.press('#continue');
  await page.waitForURL(/\/portal\/signed-out|\/oauth2\/logout/);
  await tour.stop('sign-out/done', 'of an app');
}

/** Somebody who is signed in is asked for more: they may do so, go on without, or be somebody else. */
export async function stepUp(tour: Tour, { server, account, app }: Places): Promise<void> {
  const { page } = tour;
  const user = await account.createUser();
  await tour.open((await app.request()).url);
  await logOn(tour, user);
  await page.waitForURL(/code=/);
  const authenticator = await giveAuthenticatorApp(server, account, user);
  await tour.open((await app.request(essential('urn:postern:acr:mfa'))).url);
  await tour.stop('logon/totp', 'step-up');
  await tour.press('a[href$="factor=password"]');
  await tour.stop('logon/password', 'somebody else');
  await tour.open((await app.request({ acr_values: 'urn:postern:acr:mfa' })).url);
  await tour.stop('logon/totp', 'may be declined');
  await tour.press('#decline');
  await page.waitForURL(/code=/);
  await tour.open((await app.request(essential('urn:postern:acr:mfa'))).url);
  await tour.send({ code: await authenticator.nextCode() });
  await page.waitForURL(/code=/);
}

/** A passkey in place of the app that is asked for, and as second factor from then on. */
export async function passkeyLogon(tour: Tour, places: Places): Promise<void> {
  const { account } = places;
  const user = await account.createUser({ mfaRequired: true });
  await tour.open(account.issuer);
  await logOn(tour, user);
  await tour.press('a[href$="factor=bind-passkey"]');
  await tour.stop('logon/bind-passkey');
  if (!tour.hasScript) return await withoutScript(tour, places);
  await addVirtualAuthenticator(tour.page, 'usb');
  await tour.page.fill('#name', 'Key ring');
  await Promise.all([tour.page.waitForEvent('load'), tour.page.press('#name', 'Enter')]);
  await tour.stop('logon/recovery-codes', 'after a passkey');
  await tour.press('#continue');
  await tour.press('#sign-out');
  await tour.open(account.issuer);
  await logOn(tour, user);
  await tour.stop('logon/passkey-factor');
  await tour.press('#passkey');
  await tour.stop('portal/overview', 'with a passkey');
}

/** Pages that need a passkey say what they need, and lead to a way that needs no script. */
async function withoutScript(tour: Tour, { server, account }: Places): Promise<void> {
  await tour.press('.after a');
  await tour.stop('logon/bind', 'in place of a passkey');
  const user = await account.createUser();
  await givePasskey(server, account, user, createSecurityKey(server.origin));
  await tour.open(account.issuer);
  await logOn(tour, user);
  await tour.stop('logon/passkey-factor');
  await tour.press('a[href$="factor=recovery"]');
  await tour.stop('logon/recovery', 'in place of a passkey');
}

/** Too many wrong passwords, by somebody whom the device is known to belong to. */
export async function lockedOut(tour: Tour, { account }: Places): Promise<void> {
  const user = await account.createUser();
  await tour.open(account.issuer);
  await logOn(tour, user);
  await tour.press('#sign-out');
  await tour.open(account.issuer);
  for (let tries = 0; tries < 11; tries += 1) await tour.send({ username: user.userName, password: 'wrong' });
  await tour.stop('logon/password', 'locked');
  expect(await tour.page.locator('[data-countdown]').count()).toBe(1);
}

/** Where something else stands than was asked for. */
export async function wrongTurns(tour: Tour, { server, account, app }: Places): Promise<void> {
  await tour.open(`${server.origin}/no-such-account`);
  await tour.stop('errors/error', 'not found');
  await tour.open(`${account.issuer}/oauth2/authorize?client_id=app_00000000000000000000&response_type=code`);
  await tour.stop('errors/error', 'unknown app');
  await tour.page.route(handoverScript, (route) => route.fulfill({ contentType: 'text/javascript', body: ';' }));
  const user = await account.createUser();
  await tour.open((await app.request({ response_mode: 'form_post' })).url);
  await logOn(tour, user);
  await tour.stop('engine/handover');
  await tour.press('#continue');
  await tour.page.waitForURL(app.server.redirectUri);
}
