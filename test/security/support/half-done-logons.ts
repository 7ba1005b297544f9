import { createAuthenticatorApp } from '../../support/authenticator-app.ts';
import type { BrowserPage, HttpBrowser } from '../../support/http-browser.ts';
import { totpSecretOn } from '../../support/logon-driver.ts';
import { newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startLogon } from './logon-start.ts';

/** A logon that waits for something its user has to set up. */
export interface HalfDone {
  readonly browser: HttpBrowser;
  readonly page: BrowserPage;
  readonly user: TestUser;
  /** Typed where a new one is demanded; the user's own by the time of a later step. */
  readonly chosen: string;
}

interface Place {
  readonly account: TestAccount;
  readonly clientId: string;
}

export const typePassword = ({ userName, password }: TestUser) => ({ username: userName, password });

async function atReset({ account, clientId }: Place): Promise<HalfDone> {
  const user = await account.createUser({ resetRequired: true, mfaRequired: true });
  const { browser, page } = await startLogon(account.issuer, clientId);
  return { browser, page: await browser.submit(page, typePassword(user)), user, chosen: newPassword() };
}

async function atBind(place: Place): Promise<HalfDone> {
  const { browser, page, user, chosen } = await atReset(place);
  const fields = { new_password: chosen, confirm_password: chosen };
  return { browser, page: await browser.submit(page, fields), user: { ...user, password: chosen }, chosen };
}

async function atRecoveryCodes(place: Place): Promise<HalfDone> {
  const half = await atBind(place);
  const code = await createAuthenticatorApp(totpSecretOn(half.page)).nextCode();
  return { ...half, page: await half.browser.submit(half.page, { code }) };
}

/** In the order in which a new user who must choose a password and bind a factor meets them. */
export const enrolmentStages = { reset: atReset, bind: atBind, 'recovery-codes': atRecoveryCodes } as const;

export type EnrolmentStage = keyof typeof enrolmentStages;
