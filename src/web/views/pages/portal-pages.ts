import type { PasswordRule } from '../password-rules.ts';
import type { Wording } from '../translate.ts';

/** What was refused, and the id of the field that it is about. */
export interface PageFault {
  readonly message: Wording;
  readonly field?: string | undefined;
}

/** What every page of the portal has around its own part. Posts `csrf` with every form. */
export interface PortalFrame {
  /** `user@alias` */
  readonly principal: string;
  readonly alias: string;
  readonly signOutAction: string;
  readonly csrf: string;
  readonly sections: readonly { readonly label: Wording; readonly href: string; readonly current: boolean }[];
  /** What was just done. */
  readonly notice?: Wording | undefined;
  readonly faults: readonly PageFault[];
  readonly retryAfterSeconds?: number | undefined;
}

/** A link to somewhere else in the portal. */
interface PortalLink {
  readonly label: Wording;
  readonly href: string;
}

export interface PortalOverviewPage extends PortalFrame {
  readonly name: 'portal/overview';
  readonly displayName: string;
  readonly apps: readonly { readonly name: string; readonly href: string }[];
  readonly facts: readonly {
    readonly label: Wording;
    readonly value: Wording | Date;
    /** Something to be seen to. */
    readonly isWarning: boolean;
    readonly link?: PortalLink | undefined;
  }[];
  readonly passkeyHref?: string | undefined;
  readonly hasPolicies: boolean;
  /** As an administrator wrote it: one line of plain text. */
  readonly helpText?: string | undefined;
}

export interface PortalDetailsPage extends PortalFrame {
  readonly name: 'portal/details';
  readonly facts: readonly { readonly label: Wording; readonly value?: string | undefined }[];
  readonly groups: readonly { readonly name: string; readonly description?: string | undefined }[];
  readonly policies: readonly {
    readonly name: string;
    readonly description?: string | undefined;
    readonly throughGroup?: string | undefined;
  }[];
}

/** Posts `old_password`, `new_password`, `confirm_password`, and `username` (for password managers; not an input to trust). */
export interface PortalPasswordPage extends PortalFrame {
  readonly name: 'portal/password';
  readonly action: string;
  readonly rules: readonly PasswordRule[];
}

/** How somebody shows that they are at the keyboard: a code, the password, or a passkey whose answer goes into `passkey_response`. */
export interface ProofForm {
  readonly method: 'code' | 'password' | 'passkey';
  /** PublicKeyCredentialRequestOptionsJSON, as JSON text, for `passkey`. */
  readonly passkeyOptions?: string | undefined;
  /** The same page with another way to prove it. */
  readonly others: readonly PortalLink[];
}

/** Posts `device` and `new_name` to rename one. An address is absent where the user may not do what is behind it. */
export interface PortalSecurityPage extends PortalFrame {
  readonly name: 'portal/security';
  /** Nothing is left to the user here. */
  readonly isClosed: boolean;
  readonly renameAction?: string | undefined;
  readonly devices: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: Wording;
    readonly backedUp: boolean;
    readonly createdAt: Date;
    readonly lastUsedAt?: Date | undefined;
    readonly removeHref?: string | undefined;
  }[];
  readonly addPasskeyHref?: string | undefined;
  /** Posting there begins to bind an authenticator app. */
  readonly addAppAction?: string | undefined;
  /** Absent where there is no device that they stand in for. */
  readonly recoveryCodes?: { readonly left: number; readonly total: number } | undefined;
  readonly recoveryCodesHref?: string | undefined;
}

/** Posts `device` with a proof. */
export interface PortalRemoveDevicePage extends PortalFrame {
  readonly name: 'portal/remove-device';
  readonly action: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly isLast: boolean;
  readonly backHref: string;
  readonly proof: ProofForm;
}

/** Posts `device`, `code_1`, `code_2`, and a proof. */
export interface PortalAuthenticatorAppPage extends PortalFrame {
  readonly name: 'portal/authenticator-app';
  readonly action: string;
  readonly deviceId: string;
  /** Base32 without spaces. */
  readonly secret: string;
  readonly otpauthUri: string;
  readonly backHref: string;
  readonly proof?: ProofForm | undefined;
}

/** Posts `name` and what the browser made, in `passkey_response`; and a proof, or the name of the one that was given on the page before. */
export interface PortalPasskeyPage extends PortalFrame {
  readonly name: 'portal/passkey';
  readonly action: string;
  /** Absent until a device that is there has been used for the proof: then the page asks for that first. */
  readonly creationOptions?: string | undefined;
  readonly proof?: ProofForm | undefined;
  /** Names the proof by a passkey that was given on the page before. */
  readonly proofId?: string | undefined;
  readonly backHref: string;
}

/** Posts a proof; there is none where the user has no device that recovery codes could stand in for. */
export interface PortalRecoveryCodesPage extends PortalFrame {
  readonly name: 'portal/recovery-codes';
  readonly action: string;
  readonly left: number;
  readonly backHref: string;
  readonly proof?: ProofForm | undefined;
  /** Only right after they were made, once. */
  readonly codes?: readonly string[] | undefined;
}

/** Posts `key`, to disable, enable or delete one; or nothing, to create one. */
export interface PortalAccessKeysPage extends PortalFrame {
  readonly name: 'portal/access-keys';
  readonly keys: readonly {
    readonly id: string;
    readonly label?: string | undefined;
    readonly active: boolean;
    readonly createdAt: Date;
    readonly expiresAt?: Date | undefined;
    readonly lastUsedAt?: Date | undefined;
  }[];
  readonly mayCreate: boolean;
  readonly createAction: string;
  readonly changeAction: string;
  readonly deleteAction: string;
  /** Only right after it was made, once. */
  readonly newKey?: { readonly id: string; readonly secret: string } | undefined;
}

/** Posts `session` to end one, `device` to forget one, or nothing to end all other sessions or all of them. */
export interface PortalSessionsPage extends PortalFrame {
  readonly name: 'portal/sessions';
  readonly endAction: string;
  readonly endOthersAction: string;
  /** Forgets the known devices too. */
  readonly endAllAction: string;
  readonly forgetAction: string;
  readonly sessions: readonly {
    readonly id: string;
    readonly device: Wording;
    readonly sourceIp: string;
    readonly startedAt: Date;
    readonly lastUsedAt: Date;
    readonly current: boolean;
    readonly apps: readonly string[];
  }[];
  readonly olderHref?: string | undefined;
  readonly devices: readonly {
    readonly id: string;
    readonly device: Wording;
    readonly sourceIp: string;
    readonly lastSeenAt: Date;
    readonly mfaSavedUntil?: Date | undefined;
  }[];
}

/** Posts `app` to withdraw what it was allowed. */
export interface PortalAppsPage extends PortalFrame {
  readonly name: 'portal/apps';
  readonly action: string;
  readonly apps: readonly {
    readonly clientId: string;
    readonly name: string;
    readonly since: Date;
    readonly scopes: readonly Wording[];
    readonly offline: boolean;
  }[];
}

export interface PortalActivityPage extends PortalFrame {
  readonly name: 'portal/activity';
  readonly events: readonly {
    readonly text: Wording;
    readonly at: Date;
    readonly sourceIp?: string | undefined;
    /** Who did it, where that was not the user. */
    readonly by?: string | undefined;
    readonly refused: boolean;
  }[];
  readonly olderHref?: string | undefined;
  readonly newestHref?: string | undefined;
}

/** In place of what the user may not see or do, with whom to ask. */
export interface PortalClosedPage extends PortalFrame {
  readonly name: 'portal/closed';
  readonly title: Wording;
  readonly message: Wording;
  readonly helpText?: string | undefined;
}

/** After something that ended all sessions, this one too. */
export interface PortalEndedPage {
  readonly name: 'portal/ended';
  readonly title: Wording;
  readonly message: Wording;
  readonly logonHref: string;
}

/** The pages around which there is the portal. */
export type FramedPortalPage =
  | PortalOverviewPage
  | PortalDetailsPage
  | PortalPasswordPage
  | PortalSecurityPage
  | PortalRemoveDevicePage
  | PortalAuthenticatorAppPage
  | PortalPasskeyPage
  | PortalRecoveryCodesPage
  | PortalAccessKeysPage
  | PortalSessionsPage
  | PortalAppsPage
  | PortalActivityPage
  | PortalClosedPage;

export type PortalPage = FramedPortalPage | PortalEndedPage;
