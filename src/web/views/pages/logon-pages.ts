import type { PasswordRule } from '../password-rules.ts';
import type { Wording } from '../translate.ts';

/** What every form of the hosted logon carries: where it posts to and the token that binds it to the browser's session. */
interface LogonForm {
  readonly action: string;
  readonly csrf: string;
}

/** A form of a step after the name is known. `principal` is `user@alias`. */
interface PrincipalForm extends LogonForm {
  readonly principal: string;
  /** Shown as time left. Whoever comes so far has proved who they are, so it tells them nothing. */
  readonly retryAfterSeconds?: number | undefined;
}

/** Asks for `user@alias`; posts `username` to `/-/logon`, or to an address that leads to a part of the portal. */
export interface GeneralLogonPage {
  readonly name: 'logon/general';
  readonly action: string;
  readonly username: string;
  readonly error?: Wording | undefined;
}

/**
 * Posts `username`, `password`; or the step `passkey` with `passkey_response`, where `passkeyOptions` (JSON for `navigator.credentials.get`) are given.
 * `upnSuffix` (`@alias.host`) stands beside the name, so that nobody has to type it.
 */
export interface PasswordPage extends LogonForm {
  readonly name: 'logon/password';
  readonly alias: string;
  readonly accountName: string;
  readonly upnSuffix: string;
  readonly username: string;
  readonly appName?: string | undefined;
  readonly error?: Wording | undefined;
  /** Shown as time left. Give it only to a device known to the user: it tells that the name exists. */
  readonly retryAfterSeconds?: number | undefined;
  /** Why the logon begins again. */
  readonly notice?: Wording | undefined;
  readonly passkeyOptions?: string | undefined;
  /** Who is signed in already, and where they go on. */
  readonly present?: { readonly principal: string; readonly href: string } | undefined;
}

/** What the pages that ask for a second factor share. Each posts `decision` with `decline`, where `mayDecline`, and `remember_device`. */
export interface FactorForm extends PrincipalForm {
  readonly appName?: string | undefined;
  /** Other factors that would do. */
  readonly others: readonly { readonly step: 'passkey-factor' | 'totp' | 'recovery'; readonly href: string }[];
  /** Somebody who is signed in is asked for more. */
  readonly stepUp?: { readonly somebodyElseHref: string } | undefined;
  readonly mayDecline: boolean;
  readonly mayRemember: boolean;
  readonly error?: Wording | undefined;
}

/** Posts `code`. */
export interface TotpPage extends FactorForm {
  readonly name: 'logon/totp';
}

/** Posts `passkey_response`. `passkeyOptions`: JSON for `navigator.credentials.get`. */
export interface PasskeyFactorPage extends FactorForm {
  readonly name: 'logon/passkey-factor';
  readonly passkeyOptions: string;
  /** What the user calls their passkeys and security keys. */
  readonly credentialNames: readonly string[];
}

/** Posts `recovery_code`. */
export interface RecoveryPage extends FactorForm {
  readonly name: 'logon/recovery';
}

/** Posts `new_password`, `confirm_password`, and `username` (the principal, for password managers; not an input to trust). */
export interface ResetPage extends PrincipalForm {
  readonly name: 'logon/reset';
  readonly reason: 'first' | 'expired';
  readonly rules: readonly PasswordRule[];
  readonly errors: readonly Wording[];
}

/** Posts `code`. `secret` is base32 without spaces; the QR code is made of `otpauthUri`. */
export interface BindPage extends PrincipalForm {
  readonly name: 'logon/bind';
  readonly secret: string;
  readonly otpauthUri: string;
  readonly passkeyHref: string;
  readonly error?: Wording | undefined;
}

/** Posts `name`, `passkey_response`. `passkeyOptions`: JSON for `navigator.credentials.create`. */
export interface BindPasskeyPage extends PrincipalForm {
  readonly name: 'logon/bind-passkey';
  readonly passkeyOptions: string;
  readonly appHref: string;
  readonly error?: Wording | undefined;
}

/** Posts nothing but the step: the codes were seen. */
export interface RecoveryCodesPage extends PrincipalForm {
  readonly name: 'logon/recovery-codes';
  readonly codes: readonly string[];
}

/** Posts `decision`: `approve` or `deny`. */
export interface ConsentPage extends PrincipalForm {
  readonly name: 'logon/consent';
  readonly appName: string;
  /** Host (or private scheme) that the browser goes to after the decision: the one fact here that an app cannot make up. */
  readonly redirectHost: string;
  readonly scopes: readonly { readonly title: Wording; readonly description: Wording }[];
  readonly offline: boolean;
  readonly apiAccess?: 'read' | 'full' | undefined;
}

export interface StalePage {
  readonly name: 'logon/stale';
  readonly appName?: string | undefined;
  readonly startOverHref: string;
}

/** A page that may say how long to wait. */
export type TimedPage = TotpPage | PasskeyFactorPage | RecoveryPage | ResetPage | BindPage | BindPasskeyPage;

export type LogonPage =
  | GeneralLogonPage
  | PasswordPage
  | TotpPage
  | PasskeyFactorPage
  | RecoveryPage
  | ResetPage
  | BindPage
  | BindPasskeyPage
  | RecoveryCodesPage
  | ConsentPage
  | StalePage;
