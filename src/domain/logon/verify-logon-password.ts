import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { longestPasswordLookedAt } from '../login-profiles/password-rules.ts';
import { clearTries, takeTry } from '../throttle/throttle.ts';
import { logonEvent } from './logon-event.ts';
import { findLogonUserByName, type LogonUser } from './logon-store.ts';

interface VerifyDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly passwordHasher: PasswordHasher;
}

export interface LogonAttempt {
  readonly accountId: string;
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
 * Verifies a name and password. Unknown name, wrong password, no login profile, frozen user, an initial password past its time: one and the
 * same answer, after the same work (exactly one argon2id verification and the same queries), so that neither words nor time
 * tell them apart. Throws `HashingOverloadedError` when too many hashes wait.
 */
export async function verifyLogonPassword(deps: VerifyDeps, attempt: LogonAttempt): Promise<PasswordOutcome> {
  const { accountId, typedName, userName, password, sourceIp } = attempt;
  const counted = { accountId, userName: userName ?? typedName, factor: 'password', sourceIp } as const;
  const refused = await takeTry(deps.ephemeral, counted);
  if (refused !== undefined) {
    if (refused.isFirst) await insertRefusal(deps.db, attempt, undefined, 'throttled');
    return { outcome: 'throttled', waitSeconds: refused.waitSeconds };
  }
  const user = await findLogonUserByName(deps.db, accountId, userName ?? nobodysName);
  const lookedAt = password.length > longestPasswordLookedAt ? '' : password;
  const matches = await deps.passwordHasher.verify(lookedAt, user?.passwordHash);
  if (user === undefined || !user.mayLogOn || !matches) {
    await insertRefusal(deps.db, attempt, user, 'wrong name or password');
    return { outcome: 'refused' };
  }
  await clearTries(deps.ephemeral, counted);
  return { outcome: 'accepted', user };
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
