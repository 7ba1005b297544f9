import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
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
  readonly userName: string;
  readonly password: string;
  readonly sourceIp: string;
  readonly requestId: string;
}

export type PasswordOutcome =
  | { readonly outcome: 'accepted'; readonly user: LogonUser }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'throttled'; readonly waitSeconds: number };

/**
 * Verifies a name and password. Unknown name, wrong password, no login profile, frozen user, an initial password past its time: one and the
 * same answer, after the same work (exactly one argon2id verification and the same queries), so that neither words nor time
 * tell them apart. Throws `HashingOverloadedError` when too many hashes wait.
 */
export async function verifyLogonPassword(deps: VerifyDeps, attempt: LogonAttempt): Promise<PasswordOutcome> {
  const { accountId, userName, sourceIp } = attempt;
  const counted = { accountId, userName, factor: 'password', sourceIp } as const;
  const wait = await takeTry(deps.ephemeral, counted);
  if (wait !== undefined) {
    await insertRefusal(deps.db, attempt, undefined, 'throttled');
    return { outcome: 'throttled', waitSeconds: wait.waitSeconds };
  }
  const user = await findLogonUserByName(deps.db, accountId, userName);
  const matches = await deps.passwordHasher.verify(attempt.password, user?.passwordHash);
  if (user === undefined || !user.mayLogOn || !matches) {
    await insertRefusal(deps.db, attempt, user, 'wrong name or password');
    return { outcome: 'refused' };
  }
  await clearTries(deps.ephemeral, counted);
  return { outcome: 'accepted', user };
}

const insertRefusal = (db: Database, attempt: LogonAttempt, user: LogonUser | undefined, reason: string): Promise<void> =>
  insertAuditEvent(db, { ...logonEvent({ ...attempt, user }, 'logon'), outcome: 'refused', details: { factor: 'password', reason } });
