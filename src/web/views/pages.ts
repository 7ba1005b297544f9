import { type Assets, loadAssets } from '../http/assets.ts';
import type { PasswordRule } from './password-rules.ts';
import { compileTemplates } from './templates.ts';

/** What every form of the hosted logon carries: where it posts to and the token that binds it to the browser's session. */
interface LogonForm {
  readonly action: string;
  readonly csrf: string;
}

/** A form of a step after the name is known. `principal` is `user@alias`. */
interface PrincipalForm extends LogonForm {
  readonly principal: string;
}

/** `/`: asks for `user@alias`; posts `username` to `/-/logon`. */
export interface GeneralLogonPage {
  readonly name: 'logon/general';
  readonly username: string;
  readonly error?: string | undefined;
}

/** Posts `username`, `password`. `upnSuffix` (`@alias.host`) stands beside the name, so that nobody has to type it. */
export interface PasswordPage extends LogonForm {
  readonly name: 'logon/password';
  readonly alias: string;
  readonly accountName: string;
  readonly upnSuffix: string;
  readonly username: string;
  readonly appName?: string | undefined;
  readonly error?: string | undefined;
  /** Shown as time left. Give it only to a device known to the user: it tells that the name exists. */
  readonly retryAfterSeconds?: number | undefined;
}

/** Posts `code`. */
export interface TotpPage extends PrincipalForm {
  readonly name: 'logon/totp';
  readonly appName?: string | undefined;
  readonly error?: string | undefined;
  readonly recoveryHref?: string | undefined;
}

/** Posts `recovery_code`. */
export interface RecoveryPage extends PrincipalForm {
  readonly name: 'logon/recovery';
  readonly error?: string | undefined;
  readonly totpHref: string;
}

/** Posts `new_password`, `confirm_password`, and `username` (the principal, for password managers; not an input to trust). */
export interface ResetPage extends PrincipalForm {
  readonly name: 'logon/reset';
  readonly reason: 'first' | 'expired';
  readonly rules: readonly PasswordRule[];
  readonly errors: readonly string[];
}

/** Posts `code`. `secret` is base32 without spaces; the QR code is made of `otpauthUri`. */
export interface BindPage extends PrincipalForm {
  readonly name: 'logon/bind';
  readonly secret: string;
  readonly otpauthUri: string;
  readonly error?: string | undefined;
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
  readonly scopes: readonly { readonly title: string; readonly description: string }[];
  readonly offline: boolean;
  readonly apiAccess?: 'read' | 'full' | undefined;
}

export interface StalePage {
  readonly name: 'logon/stale';
  readonly appName?: string | undefined;
  readonly startOverHref: string;
}

/** A logon that is done, for an app behind an address that a form's answer may not lead to. */
export interface ContinuePage {
  readonly name: 'logon/continue';
  readonly href: string;
  readonly appName: string;
}

/** Posts `csrf` to `signOutAction`. */
export interface PortalOverviewPage {
  readonly name: 'portal/overview';
  readonly principal: string;
  readonly displayName: string;
  readonly alias: string;
  readonly signOutAction: string;
  readonly csrf: string;
  readonly lastLogonAt?: Date | undefined;
  readonly mfaEnabled: boolean;
  readonly hasPolicies: boolean;
  readonly apps: readonly { readonly name: string; readonly href: string }[];
}

/** Posts the hidden fields, with `logout=yes` for yes and without it for no. */
export interface SignOutQuestionPage {
  readonly name: 'sign-out/question';
  readonly action: string;
  readonly hiddenFields: readonly { readonly name: string; readonly value: string }[];
  readonly appName?: string | undefined;
}

export interface SignOutDonePage {
  readonly name: 'sign-out/done';
  readonly alias: string;
  readonly logonHref: string;
  readonly appName?: string | undefined;
}

/** Posts the hidden fields by itself: a way on that the protocol demands be a POST. */
export interface HandoverPage {
  readonly name: 'engine/handover';
  readonly action: string;
  readonly hiddenFields: readonly { readonly name: string; readonly value: string }[];
}

/** The management API for people, by subject. `notes` and descriptions may hold code in backticks. */
export interface ApiIndexPage {
  readonly name: 'api/index';
  readonly title: string;
  readonly alias: string;
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly documentHref: string;
  readonly lead: string;
  readonly notes: readonly string[];
  readonly subjects: readonly {
    readonly title: string;
    readonly href: string;
    readonly description: string;
    readonly operations: readonly Pick<ApiOperationView, 'method' | 'path' | 'summary' | 'href'>[];
  }[];
}

/** One row of a table of fields or parameters. */
export interface ApiFieldView {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** What stands in the field of a request to try. */
  readonly example: string;
}

export interface ApiOperationView {
  readonly id: string;
  readonly href: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly action: string;
  readonly scopes: string;
  readonly parameters: readonly (ApiFieldView & { readonly place: string })[];
  readonly bodyFields: readonly ApiFieldView[];
  readonly bodyType: string;
  readonly bodyExample: string;
  readonly curl: string;
  readonly status: string;
  readonly answerExample: string;
  readonly errors: readonly { readonly status: string; readonly codes: readonly string[] }[];
}

/** The operations of one subject, to read and to try. `apiPath` is where their paths begin. */
export interface ApiSubjectPage {
  readonly name: 'api/subject';
  readonly title: string;
  readonly alias: string;
  readonly apiPath: string;
  readonly indexHref: string;
  readonly description: string;
  readonly operations: readonly ApiOperationView[];
}

export interface ErrorPage {
  readonly name: 'errors/error';
  readonly heading: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly actionHref?: string | undefined;
  readonly actionLabel?: string | undefined;
}

/** Every page of the product. `name` is also the place of its template under views/. */
export type Page =
  | GeneralLogonPage
  | PasswordPage
  | TotpPage
  | RecoveryPage
  | ResetPage
  | BindPage
  | RecoveryCodesPage
  | ConsentPage
  | StalePage
  | ContinuePage
  | PortalOverviewPage
  | SignOutQuestionPage
  | SignOutDonePage
  | HandoverPage
  | ApiIndexPage
  | ApiSubjectPage
  | ErrorPage;

/** What belongs to one answer rather than to the page: the nonce is the one in the answer's Content-Security-Policy. */
export interface PageFrame {
  readonly nonce: string;
  readonly lang: 'en';
}

export interface PageRenderer {
  /** A whole HTML document. Every string of the page is escaped; a link that could run script leads nowhere. */
  render(page: Page, frame: PageFrame): string;
}

/** Compiles all templates, once; throws at start if one of them does not parse. */
export function createPageRenderer(assets: Assets = loadAssets()): PageRenderer {
  const templates = compileTemplates(assets);
  return { render: (page, frame) => templates.render(`@${page.name}`, { page, frame }) };
}
