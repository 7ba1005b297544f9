import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { LogonSettings } from '../accounts/logon-settings.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { findKnownDevice } from '../devices/known-devices-store.ts';
import { longestPasswordLookedAt } from '../login-profiles/password-rules.ts';
import { clearTries, type RefusedTry, type ThrottledTry, takeTry } from '../throttle/throttle.ts';
import { verifyTriedPassword } from '../throttle/tried-password.ts';
import { logonEvent } from './logon-event.ts';
import { shutGate } from './logon-gates.ts';
import { findLogonUserByName, type LogonUser } from './logon-store.ts';
import { renewPasswordHash } from './renew-password-hash.ts';

interface VerifyDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly passwordHasher: PasswordHasher;
}

export interface LogonAttempt {
  readonly accountId: string;
  /** The account's, as of now. */
  readonly settings: LogonSettings;
  /** As it was typed: what tries are counted by where it can be nobody's name here. */
  readonly typedName: string;
  /** The name within this account; undefined where what was typed is no name, or speaks of another account. */
  readonly userName: string | undefined;
  readonly password: string;
  /** Of the tokens that the browser brings. */
  readonly deviceTokenHashes?: readonly string[] | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
}

export type PasswordOutcome =
  /** `noted`: what is written because of it. Nothing depends on it, but it is to be through before the user goes on. */
  | { readonly outcome: 'accepted'; readonly user: LogonUser; readonly noted: Promise<unknown> }
  | { readonly outcome: 'refused' }
  /** `waitSeconds` is told on a device known to the user alone: to anybody else it would say that the name exists. */
  | { readonly outcome: 'throttled'; readonly waitSeconds: number | undefined };

/** Looked up where there is no name to look up, for the same work. */
const nobodysName = '';

/**
 * Verifies a name and password. Unknown name, wrong password, no login profile, frozen user, a password past its time, a place that the account
 * allows no logon from: one and the same answer, after the same work (exactly one argon2id verification and the same queries), so that neither
 * words nor time tell them apart. One exception in time: a hash imported from another system costs what that system made it cost, until
 * its user has logged on once and it is replaced by one of ours. Throws `HashingOverloadedError` when too many hashes wait.
 */
export async function verifyLogonPassword(deps: VerifyDeps, attempt: LogonAttempt): Promise<PasswordOutcome> {
  const { accountId, userName, password } = attempt;
  const user = await findLogonUserByName(deps.db, accountId, userName ?? nobodysName, attempt.deviceTokenHashes);
  const counted = triesOf(attempt, user);
  const throttled = await takeTry(deps.ephemeral, counted);
  if (throttled !== undefined) return await refuse(deps.db, attempt, user, throttled);
  const lookedAt = password.length > longestPasswordLookedAt ? '' : password;
  const matches = await verifyTriedPassword(deps, { password: lookedAt, hash: user?.passwordHash, counted });
  const reason = refusalReason(attempt, matches ? user : undefined);
  if (user === undefined || reason !== undefined) {
    await insertRefusal(deps.db, attempt, user, reason ?? wrong);
    return { outcome: 'refused' };
  }
  const present = await withPresentDevice(deps.db, user, attempt);
  const noted = Promise.all([renewPasswordHash(deps, user, password), clearTries(deps.ephemeral, counted)]);
  return { outcome: 'accepted', user: present, noted };
}

/**
 * A hash takes its time: whether the device still stands in for a second factor is looked up once more, for somebody may have ended all sessions
 * meanwhile, and the devices with them.
 */
async function withPresentDevice(
  db: Database,
  user: LogonUser,
  { deviceTokenHashes: tokenHashes = [] }: LogonAttempt,
): Promise<LogonUser> {
  if (!user.mfaSaved) return user;
  const device = await findKnownDevice(db, { userId: user.userId, tokenHashes });
  const mfaSaved = device !== undefined && device.mfaSavedUntil !== null;
  return { ...user, knownDeviceId: device?.knownDeviceId ?? null, mfaSaved };
}

const triesOf = (
  { accountId, settings, typedName, userName = typedName, sourceIp }: LogonAttempt,
  user: LogonUser | undefined,
): ThrottledTry => ({
  ...{ accountId, userName, factor: 'password', sourceIp },
  knownDevice: user?.knownDeviceId ?? undefined,
  triesPerHour: settings.passwordPolicy.maxLoginAttemps,
});

async function refuse(
  db: Database,
  attempt: LogonAttempt,
  user: LogonUser | undefined,
  { isFirst, waitSeconds }: RefusedTry,
): Promise<PasswordOutcome> {
  if (isFirst) await insertRefusal(db, attempt, user, 'throttled');
  const isKnown = typeof user?.knownDeviceId === 'string';
  return { outcome: 'throttled', waitSeconds: isKnown ? waitSeconds : undefined };
}

const wrong = 'wrong name or password';

/** Why a logon is refused, for the audit log alone. `user`: whose password it was. */
function refusalReason(attempt: LogonAttempt, user: LogonUser | undefined): string | undefined {
  const shut = user === undefined ? 'not active' : shutGate(user, attempt);
  return shut === 'not active' ? wrong : shut;
}

const insertRefusal = (
  db: Database,
  attempt: LogonAttempt,
  user: LogonUser | undefined,
  reason: string,
): Promise<void> =>
  insertAuditEvent(db, {
    ...logonEvent({ ...attempt, user }, 'logon'),
    outcome: 'refused',
    details: { factor: 'password', reason },
  });
