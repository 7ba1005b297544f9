import { hashToken } from '../../crypto/tokens.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { readText } from '../oidc/artefact-store.ts';
import type { Method } from '../oidc/levels.ts';
import { beginRead } from '../oidc/read-ahead.ts';
import { type ReadAhead, requestState } from '../oidc/request-state.ts';

export type LogonNotice = 'logon.begin-again-codes' | 'logon.begin-again-changed';

/** What has been proved in a logon so far. It lives on the server; the browser holds only the logon's id. */
export interface LogonState {
  readonly userId?: string;
  /** The user's epoch when the first factor was proved: anything that ends sessions ends this logon too. */
  readonly userEpoch?: number;
  /** Seconds since 1970 of the first factor: `auth_time`. */
  readonly provedAt?: number;
  /** Tells one proof of the first factor from the next in the same logon. */
  readonly proofId?: string;
  /** How the user has proved who they are, in the session too that a step-up goes on from. */
  readonly methods?: readonly Method[];
  /** The second factor shown in this logon. */
  readonly secondFactor?: 'totp' | 'recovery' | 'passkey-factor';
  /** The first factor is that of the live session (a step-up), not one shown in this logon. */
  readonly isStepUp?: true;
  /** The user goes on without a second factor that the app would have liked. */
  readonly declined?: true;
  /** This logon begins with the first factor, whatever session there is. */
  readonly fromStart?: true;
  /** Why it begins again: told once, on the first page. */
  readonly notice?: LogonNotice;
  /** This device is to stand in for the second factor once the logon is complete. */
  readonly rememberDevice?: true;
  /** A seed offered for binding, sealed. */
  readonly bindSecretSealed?: string;
  /** Recovery codes made in this logon and not yet acknowledged, sealed. */
  readonly recoveryCodesSealed?: string;
}

/** Nothing that was proved holds any more, not even the session's first factor. */
export const beginningAgain = (notice: LogonNotice): LogonState => ({ fromStart: true, notice });

/** A state as read, to be written back only if nobody else has answered a step in between. */
export interface StoredLogonState {
  readonly state: LogonState;
  readonly raw: string | undefined;
}

const lifetimeSeconds = 3600;

const keyOf = (issuerName: string, uid: string): string => `logon:${issuerName}:${hashToken(uid)}`;

/** The address of a logon. */
const logonAddress = /^\/([^/]+)\/logon\/([A-Za-z0-9_-]{1,64})(?:\?|$)/;

/** Begins to read the state of the logon that an address names. */
export function readAheadOfLogon(store: EphemeralStore, ahead: ReadAhead, url = ''): void {
  const [, issuerName, uid] = logonAddress.exec(url) ?? [];
  if (issuerName !== undefined && uid !== undefined) beginRead(store, ahead, keyOf(issuerName, uid));
}

export async function readLogonState(
  ephemeral: EphemeralStore,
  issuerName: string,
  uid: string,
): Promise<StoredLogonState> {
  const raw = await readText({ ephemeral }, requestState(), keyOf(issuerName, uid));
  return { state: raw === undefined ? {} : (JSON.parse(raw) as LogonState), raw };
}

/** Of racing answers to one step exactly one is kept: true for it. */
export async function advanceLogonState(
  store: EphemeralStore,
  { issuerName, uid }: { issuerName: string; uid: string },
  from: StoredLogonState,
  to: LogonState,
): Promise<boolean> {
  const key = keyOf(issuerName, uid);
  const next = JSON.stringify(to);
  return from.raw === undefined
    ? await store.create(key, next, lifetimeSeconds)
    : await store.compareAndSet(key, from.raw, next, lifetimeSeconds);
}

export async function forgetLogonState(store: EphemeralStore, issuerName: string, uid: string): Promise<void> {
  await store.delete(keyOf(issuerName, uid));
}
