import { codeAt } from '../authenticator-app.ts';
import { giveAuthenticatorApp } from '../factors.ts';
import { createHttpBrowser } from '../http-browser.ts';
import { signInToPortal } from '../portal-driver.ts';
import { newPassword, type TestUser } from '../test-account.ts';
import { addVirtualAuthenticator } from '../virtual-authenticator.ts';
import { shownSecret } from './logon-route.ts';
import type { Places } from './places.ts';
import type { Tour } from './tour.ts';

async function logOn(tour: Tour, { account }: Places, user: TestUser, path = ''): Promise<void> {
  await tour.open(`${account.issuer}/portal${path}`);
  await tour.send({ username: user.userName, password: user.password });
}

/** The parts in which there is nothing to prove: what stands there, and every row's own button. */
export async function ownAccount(tour: Tour, places: Places): Promise<void> {
  const { account, thirdParty } = places;
  const user = await account.createUser({ displayName: 'Alice Roe', email: 'alice@example.com' });
  await account.manage('POST /groups', { groupName: 'developers', displayName: 'Developers' });
  await account.manage(`PUT /groups/developers/users/${user.userName}`);
  await account.manage('PUT /groups/developers/policies/system/AdministratorAccess');
  await thirdParty.signIn(createHttpBrowser(), user, { scope: 'openid email offline_access', prompt: 'consent' });
  await signInToPortal(account, user);
  await logOn(tour, places, user);
  await tour.stop('portal/overview');
  await tour.press('.sections [href$="/portal/details"]');
  await tour.stop('portal/details');

  await tour.press('.sections [href$="/portal/sessions"]');
  await tour.stop('portal/sessions');
  await tour.press('#end-others');
  await tour.stop('portal/sessions', 'others ended', 'portal.done.sessions-ended');
  await tour.press('form[action$="/sessions/forget"] button, form[action*="forget"] button');
  await tour.stop('portal/sessions', 'device forgotten', 'portal.done.device-forgotten');

  await tour.press('.sections [href$="/portal/apps"]');
  await tour.stop('portal/apps');
  await tour.touch('details.acts summary');
  await tour.press('details.acts button');
  await tour.stop('portal/apps', 'none left', 'portal.done.consent-withdrawn');
  await tour.press('.sections [href$="/portal/activity"]');
  await tour.stop('portal/activity');
  await ownAccessKeys(tour);
  await tour.press('.sections [href$="/portal/sessions"]');
  await tour.stop('portal/sessions', 'only this');
  await tour.press('#end-all');
  await tour.stop('sign-out/done', 'signed out everywhere');
}

async function ownAccessKeys(tour: Tour): Promise<void> {
  await tour.press('.sections [href$="/portal/access-keys"]');
  await tour.stop('portal/access-keys', 'none yet');
  await tour.press('#create-key');
  await tour.stop('portal/access-keys', 'shown', 'portal.done.key-created');
  await tour.press('form[action$="/access-keys/change"] button');
  await tour.stop('portal/access-keys', 'disabled', 'portal.done.key-disabled');
  await tour.touch('.acts summary');
  await tour.press('form[action$="/access-keys/delete"] button');
  await tour.stop('portal/access-keys', 'deleted', 'portal.done.key-deleted');
}

/** An authenticator app is set up, renamed and removed; recovery codes are made anew. */
export async function ownFactors(tour: Tour, places: Places): Promise<void> {
  const { account, server } = places;
  const user = await account.createUser();
  await logOn(tour, places, user, '/security');
  await tour.stop('portal/security', 'nothing yet');
  await tour.open(`${account.issuer}/portal/security/recovery-codes`);
  await tour.stop('portal/recovery-codes', 'nothing they stand in for');
  await tour.open(`${account.issuer}/portal/security`);
  await tour.press('#add-app');
  await tour.stop('portal/authenticator-app');
  const secret = await shownSecret(tour);
  await tour.send({ code_1: '000000', code_2: '000000', password: 'wrong' });
  await tour.stop('portal/authenticator-app', 'refused');
  const step = Math.floor(Date.now() / 30_000);
  const [first, second] = [await codeAt(secret, step), await codeAt(secret, step + 1)];
  await tour.send({ code_1: first, code_2: second, password: user.password });
  await tour.stop('portal/recovery-codes', 'shown after binding', 'portal.done.app-added');
  await tour.press('#continue');
  await tour.touch('.acts summary');
  await tour.page.fill('[name=new_name]', 'Old phone');
  await tour.press('form[action$="/security/rename"] button');
  await tour.stop('portal/security', 'renamed', 'portal.done.device-renamed');

  // The codes of the app that was bound are used up for now.
  const authenticator = await giveAuthenticatorApp(server, account, user);
  await tour.press('#make-codes');
  await tour.stop('portal/recovery-codes');
  await tour.send({ code: '000000' });
  await tour.stop('portal/recovery-codes', 'refused');
  await tour.send({ code: await authenticator.nextCode() });
  await tour.stop('portal/recovery-codes', 'shown', 'portal.done.codes-made');
  await tour.press('#continue');
  await tour.press('a[href*="/security/remove"]');
  await tour.stop('portal/remove-device');
  await tour.send({ code: await authenticator.nextCode() });
  await tour.stop('portal/ended', 'device removed');
}

/** A passkey is set up, then proves its user twice over: for another, and for its own removal. */
export async function ownPasskeys(tour: Tour, places: Places): Promise<void> {
  const { account } = places;
  const user = await account.createUser();
  await logOn(tour, places, user, '/security');
  await tour.press('#add-passkey');
  await tour.stop('portal/passkey');
  if (!tour.hasScript) return;
  const first = await addVirtualAuthenticator(tour.page, 'internal');
  await tour.page.fill('#name', 'Computer');
  await tour.page.fill('#password', user.password);
  await Promise.all([tour.page.waitForEvent('load'), tour.page.press('#password', 'Enter')]);
  await tour.stop('portal/recovery-codes', 'shown after a passkey', 'portal.done.passkey-added');
  await tour.press('#continue');
  await tour.stop('portal/security');
  await tour.press('#add-passkey');
  await tour.stop('portal/passkey', 'the one that is there first');
  await tour.press('#passkey');
  await tour.stop('portal/passkey', 'proved');
  await first.remove();
  await addVirtualAuthenticator(tour.page, 'usb');
  await tour.press('#passkey');
  await tour.stop('portal/security', 'two', 'portal.done.passkey-added');
  await tour.press('a[href*="/security/remove"]');
  await tour.stop('portal/remove-device', 'by passkey');
  await tour.press('#passkey');
  await tour.stop('portal/ended', 'passkey removed');
}

/** The password is changed, which ends the session; what administrators keep to themselves says so. */
export async function ownPassword(tour: Tour, places: Places): Promise<void> {
  const { account } = places;
  const user = await account.createUser();
  const chosen = newPassword();
  await logOn(tour, places, user, '/password');
  await tour.stop('portal/password');
  await tour.send({ old_password: 'wrong', new_password: chosen, confirm_password: chosen });
  await tour.stop('portal/password', 'refused');
  await tour.send({ old_password: user.password, new_password: chosen, confirm_password: chosen });
  await tour.stop('portal/ended', 'password changed');
  await tour.press('#continue');
  await tour.send({ username: user.userName, password: chosen });
  await account.manage('PATCH /account/security-preferences', {
    allowUserToChangePassword: false,
    allowUserToManageMFADevices: false,
  });
  await tour.press('.sections [href$="/portal/password"]');
  await tour.stop('portal/closed', 'password');
  await tour.open(`${account.issuer}/portal/security/passkey`);
  await tour.stop('portal/closed', 'passkey');
  await tour.open(`${account.issuer}/portal/security`);
  const frozen = await tour.page.locator('#add-app').count();
  if (frozen > 0) throw new Error('a part that is closed offers what it refuses');
}
