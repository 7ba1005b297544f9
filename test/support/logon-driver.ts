import { type AuthenticatorApp, createAuthenticatorApp } from './authenticator-app.ts';
import type { BrowserPage, HttpBrowser, SubmitOptions } from './http-browser.ts';
import { attributeOn, textOf } from './page-forms.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';

/** What a person who signs in knows, has and wants. */
export interface Person {
  /** As typed: bare, or with the alias behind an `@`. */
  readonly userName: string;
  readonly password: string;
  /** Typed where a new password is demanded. */
  readonly newPassword?: string;
  readonly authenticator?: AuthenticatorApp | undefined;
  /** Touched where a passkey or security key is asked for. */
  readonly passkey?: SoftwareAuthenticator;
  /** Typed in place of a code of the app. */
  readonly recoveryCode?: string;
  readonly decision?: 'approve' | 'deny';
}

/** Where a logon through the pages ended, and what it brought. */
export interface LogonCourse {
  readonly page: BrowserPage;
  /** The steps answered, in order. */
  readonly steps: readonly string[];
  /** Where one was bound in this logon. */
  readonly authenticator: AuthenticatorApp | undefined;
  readonly recoveryCodes: readonly string[];
}

const mostSteps = 12;

/** Where the same logon offers another step. */
export function stepAddress({ url }: Pick<BrowserPage, 'url'>, step: string): URL {
  const address = new URL(url);
  address.searchParams.set('factor', step);
  return address;
}

/** The step that a page asks for; undefined where it is no page of a logon. */
export const stepOf = (page: BrowserPage): string | undefined => page.forms[0]?.fields['step'];

/**
 * Answers one step after the other until a page asks for none, or for one that was answered before (a refusal). The app's callback is
 * followed like any address.
 */
export async function walkThroughLogon(
  browser: HttpBrowser,
  first: BrowserPage,
  person: Person,
  options: Pick<SubmitOptions, 'stopAt'> = {},
): Promise<LogonCourse> {
  const steps: string[] = [];
  const gained: Gained = { authenticator: undefined, recoveryCodes: [] };
  let page = first;
  for (let step = stepOf(page); step !== undefined; step = stepOf(page)) {
    if (steps.includes(step) || steps.length > mostSteps) break;
    steps.push(step);
    page = await answerStep(browser, page, { step, person, gained, page }, options);
  }
  return { page, steps, ...gained };
}

interface Gained {
  authenticator: AuthenticatorApp | undefined;
  recoveryCodes: string[];
}

interface Answering {
  readonly step: string;
  readonly person: Person;
  readonly gained: Gained;
  readonly page: BrowserPage;
}

async function answerStep(
  browser: HttpBrowser,
  page: BrowserPage,
  answering: Answering,
  options: Pick<SubmitOptions, 'stopAt'>,
): Promise<BrowserPage> {
  const { step, person, gained } = answering;
  if (step === 'totp' && person.recoveryCode !== undefined) {
    const recovery = await browser.open(stepAddress(page, 'recovery'));
    return await browser.submit(recovery, { recovery_code: person.recoveryCode }, options);
  }
  if (step === 'recovery-codes') gained.recoveryCodes = recoveryCodesOn(page);
  if (step === 'bind') gained.authenticator = createAuthenticatorApp(totpSecretOn(page));
  const fields = await answers[step]?.(answering);
  if (fields === undefined) throw new Error(`no answer to the step "${step}"`);
  return await browser.submit(
    page,
    fields,
    step === 'consent' ? { ...options, button: person.decision ?? 'approve' } : options,
  );
}

const answers: Readonly<
  Record<string, (answering: Answering) => Record<string, string> | Promise<Record<string, string>>>
> = {
  password: ({ person: { userName, password } }) => ({ username: userName, password }),
  totp: async ({ person: { authenticator } }) => ({ code: (await authenticator?.nextCode()) ?? '' }),
  'passkey-factor': ({ person: { passkey }, page }) => ({
    passkey_response: passkey?.assert(passkeyOptionsOn(page)) ?? '',
  }),
  recovery: ({ person: { recoveryCode = '' } }) => ({ recovery_code: recoveryCode }),
  reset: ({ person: { newPassword = '' } }) => ({ new_password: newPassword, confirm_password: newPassword }),
  bind: async ({ gained: { authenticator } }) => ({ code: (await authenticator?.nextCode()) ?? '' }),
  'recovery-codes': () => ({}),
  consent: () => ({}),
};

/** What a page asks an authenticator for, as JSON. */
export const passkeyOptionsOn = (page: BrowserPage): string => attributeOn(page.html, 'passkey', 'data-options') ?? '';

/** Logs on with a passkey in place of name and password, where the page offers it. */
export const logOnWithPasskey = async (
  browser: HttpBrowser,
  page: BrowserPage,
  passkey: SoftwareAuthenticator,
): Promise<BrowserPage> =>
  await browser.submit(page, { step: 'passkey', passkey_response: passkey.assert(passkeyOptionsOn(page)) });

/** The seed that a bind page offers, without the spaces it is shown with. */
export const totpSecretOn = (page: BrowserPage): string => (textOf(page.html, 'totp-secret') ?? '').replace(/\s/g, '');

export const recoveryCodesOn = (page: BrowserPage): string[] => (textOf(page.html, 'recovery-codes') ?? '').split(' ');

/** The words of refusal on a page; undefined where it shows none. */
export const errorOn = (page: BrowserPage): string | undefined => textOf(page.html, 'error');

/** Signs in at an account's own address; ends at the portal where all is well. */
export async function logOnToPortal(browser: HttpBrowser, issuer: string, person: Person): Promise<LogonCourse> {
  return await walkThroughLogon(browser, await browser.open(issuer), person);
}
