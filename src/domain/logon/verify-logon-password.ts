import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { mayLogOnFrom } from '../accounts/login-networks.ts';
import type { LogonSettings } from '../accounts/logon-settings.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { longestPasswordLookedAt } from '../login-profiles/password-rules.ts';
import { clearTries, takeTry } from '../throttle/throttle.ts';
import { logonEvent } from './logon-event.ts';
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
  readonly sourceIp: string;
  readonly requestId: string;
}

export type PasswordOutcome =
  | { readonly outcome: 'accepted'; readonly user: LogonUser }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'throttled'; readonly waitSeconds: number };

/** Looked up where there is no name to look up, for the same work. */
const nobodysName = '';

/**
 * Verifies a name and password. Unknown name, wrong password, no login profile, frozen user, a password past its time, a place that the account
 * allows no logon from: one and the same answer, after the same work (exactly one argon2id verification and the same queries), so that neither
 * words nor time tell them apart. One exception in time: a hash imported from another system costs what that system made it cost, until
 * its user has logged on once and it is replaced by one of ours. Throws `HashingOverloadedError` when too many hashes wait.
 */
export async function verifyLogonPassword(deps: VerifyDeps, attempt: LogonAttempt): Promise<PasswordOutcome> {
  const { accountId, settings, typedName, userName, password, sourceIp } = attempt;
  const triesPerHour = settings.passwordPolicy.maxLoginAttemps;
  const counted = { accountId, userName: userName ?? typedName, factor: 'password', sourceIp, triesPerHour } as const;
  const refused = await takeTry(deps.ephemeral, counted);
  if (refused !== undefined) {
    if (refused.isFirst) await insertRefusal(deps.db, attempt, undefined, 'throttled');
    return { outcome: 'throttled', waitSeconds: refused.waitSeconds };
  }
  const user = await findLogonUserByName(deps.db, accountId, userName ?? nobodysName);
  const lookedAt = password.length > longestPasswordLookedAt ? '' : password;
  const matches = await deps.passwordHasher.verify(lookedAt, user?.passwordHash);
  const reason = refusalReason(attempt, matches ? user : undefined);
  if (user === undefined || reason !== undefined) {
    await insertRefusal(deps.db, attempt, user, reason ?? wrong);
    return { outcome: 'refused' };
  }
  await renewPasswordHash(deps, user, password);
  await clearTries(deps.ephemeral, counted);
  return { outcome: 'accepted', user };
}

const wrong = 'wrong name or password';

/** Why a logon is refused, for the audit log alone. `user`: whose password it was. */
function refusalReason({ settings, sourceIp }: LogonAttempt, user: LogonUser | undefined): string | undefined {
  if (user === undefined) return wrong;
  if (user.passwordExpired) return 'password expired';
  if (!user.mayLogOn) return wrong;
  const { loginNetworkMasks } = settings.securityPreferences;
  return mayLogOnFrom(loginNetworkMasks, sourceIp) ? undefined : 'network not allowed';
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
