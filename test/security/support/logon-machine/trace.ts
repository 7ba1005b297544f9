import type { Level } from '../../../../src/web/oidc/levels.ts';

/** The ways to prove or do something in a logon, with all that decides whether it is right. */
export type Proof =
  | { readonly kind: 'password'; readonly userId: string; readonly password: string }
  | { readonly kind: 'passkey'; readonly userId: string; readonly challenge: string; readonly askedBy: string }
  | { readonly kind: 'passkey-factor'; readonly userId: string; readonly challenge: string; readonly askedBy: string }
  | { readonly kind: 'totp'; readonly userId: string; readonly secret: string; readonly timeStep: number }
  | { readonly kind: 'recovery'; readonly userId: string; readonly code: string }
  | { readonly kind: 'reset'; readonly password: string }
  | { readonly kind: 'bind'; readonly secret: string; readonly timeStep: number }
  | { readonly kind: 'bind-passkey'; readonly askedBy: string; readonly userId: string }
  | { readonly kind: 'recovery-codes' | 'consent' };

/** Where a browser was after a request and its redirects. */
export interface Landing {
  readonly status: number;
  readonly at: 'app' | 'logon' | 'elsewhere';
  readonly alias?: string;
  /** The logon whose address it is at. */
  readonly logon?: string;
  /** The step that the page asks for. */
  readonly step?: string;
  /** The page was asked for by `?factor=`, so it may be an alternative to what is due. */
  readonly isAsked?: boolean;
  readonly code?: string;
  /** `state` of what came to the app: the authorization request that it answers. */
  readonly request?: string;
  /** The seed on a page that binds an app. */
  readonly offered?: string;
  readonly recoveryCodes?: readonly string[];
}

/** What an app began. */
export interface StartedRequest {
  readonly id: string;
  readonly browser: number;
  readonly alias: string;
  readonly clientId: string;
  /** The least level that the app takes. */
  readonly needed: Level;
  /** `prompt=login`: no session will do. */
  readonly isFresh: boolean;
}

/** A user's belongings as the database has them. */
export interface Holdings {
  readonly userId: string;
  readonly epoch: number;
  readonly passwordHash: string;
  readonly resetRequired: boolean;
  readonly hasTotp: boolean;
  readonly hasCredential: boolean;
  readonly unusedRecoveryCodes: number;
}

/** What a token says of its user. */
export interface TokenClaims {
  readonly sub: string;
  readonly aid: string;
  readonly acr: string;
  readonly amr: readonly string[];
}

export type AdministratorsAct = 'disable' | 'enable' | 'force reset' | 'require MFA' | 'delete MFA devices';

/** One thing that was done to the machine, and what was seen of it. Plain data, so that a test can make it up. */
export type Observation =
  | { readonly kind: 'started'; readonly request: StartedRequest; readonly landing: Landing }
  | {
      readonly kind: 'answered';
      readonly browser: number;
      /** Whose address was posted to. */
      readonly logon: string;
      readonly step: string;
      /** Undefined where the fields prove nothing. */
      readonly proof?: Proof;
      /** The user asked to go on without what the app would like. */
      readonly declines?: boolean;
      /** The same was sent at the same time once more. */
      readonly isRace?: boolean;
      readonly landing: Landing;
    }
  /** A page looked at, or the engine asked to resume. */
  | {
      readonly kind: 'looked';
      readonly browser: number;
      readonly logon: string;
      readonly isResumed: boolean;
      readonly landing: Landing;
    }
  /** Something of one account sent to another. */
  | { readonly kind: 'crossed'; readonly landing: Landing }
  | {
      readonly kind: 'redeemed';
      readonly alias: string;
      readonly code: string;
      readonly claims: TokenClaims | undefined;
      readonly status: number;
      readonly token?: string;
    }
  | { readonly kind: 'used'; readonly token: string; readonly status: number }
  | { readonly kind: 'administered'; readonly userId: string; readonly act: AdministratorsAct; readonly status: number }
  | { readonly kind: 'counted'; readonly holdings: readonly Holdings[] };
