import { hashToken } from '../../crypto/tokens.ts';

/** Where what an issuer made stands in the short-lived store. Bearer values are never keys themselves: only their SHA-256 is. */
export const issuedKey = (issuerName: string, model: string, id: string): string =>
  `oidc:${issuerName}:${model}:${hashToken(id)}`;

/** How a session is called outside. Its cookie values are others, and it opens nothing. */
export const sessionIdOf = (uid: string): string => hashToken(uid);

/** Where a session stands: the same place as `issuedKey(issuerName, 'Session', uid)`. */
export const sessionKey = (issuerName: string, sessionId: string): string => `oidc:${issuerName}:Session:${sessionId}`;

/** What an app got of a session. */
interface SessionAuthorization {
  readonly sid?: string;
  readonly grantId?: string;
  /** The grant outlives the session: offline access. */
  readonly persistsLogout?: boolean;
}

/** When somebody's session was last prolonged, and how long it lasts from then on unless it is used again. */
export interface SessionUse {
  /** Seconds since 1970. */
  readonly at: number;
  readonly idleSeconds: number;
}

/** The part of a stored session that our rules look at; everything else in it is the engine's. */
export interface SessionRecord {
  readonly epochs: readonly [account: number, user: number | null, client: number | null];
  readonly payload: {
    readonly accountId?: string;
    /** Seconds since 1970. */
    readonly loginTs?: number;
    readonly exp?: number;
    readonly authorizations?: Readonly<Record<string, SessionAuthorization>>;
  };
  /** Absent before a logon. */
  readonly use?: SessionUse;
}
