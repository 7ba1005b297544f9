import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import { loadPasswordPolicy, type PasswordPolicy } from '../accounts/password-policy.ts';
import type { OperationContext } from '../operation.ts';
import { requireTry } from '../throttle/require-try.ts';
import type { PasswordFlaw } from './password-flaws.ts';
import { keepFormerHash, listFormerHashes } from './password-history-store.ts';

interface HistoryDeps {
  readonly db: Database;
  readonly passwordHasher: PasswordHasher;
}

/** Whose password it is, and the hash of the one they have. */
interface PasswordOwner {
  readonly userId: string;
  readonly passwordHash: string;
}

/**
 * Why a user cannot choose a password again, if so: it is the one they have, or one of the last before it that their account's policy forbids
 * (RAM: PasswordReusePrevention). Up to 25 hashes are verified, so count the tries, and stay outside transactions.
 */
export async function reuseFault(
  { db, passwordHasher }: HistoryDeps,
  { userId, passwordHash }: PasswordOwner,
  password: string,
  { passwordReusePrevention }: PasswordPolicy,
): Promise<PasswordFlaw | undefined> {
  if (await passwordHasher.verify(password, passwordHash)) return { kind: 'present' };
  for (const former of await listFormerHashes(db, userId, passwordReusePrevention)) {
    if (await passwordHasher.verify(password, former)) return { kind: 'used-before', value: passwordReusePrevention };
  }
  return undefined;
}

/** Counts a caller's check of a new password against former ones, before it is made: each costs hashes. Throws `Throttling`. */
export async function countReuseCheck(
  { ephemeral, caller }: Pick<OperationContext, 'ephemeral' | 'caller'>,
  { passwordReusePrevention }: PasswordPolicy,
): Promise<void> {
  if (passwordReusePrevention === 0) return;
  const { accountId, userName, sourceIp = '' } = caller;
  await requireTry(ephemeral, { accountId, userName, factor: 'reset', sourceIp });
}

/** Remembers a password that is being replaced, as far as the account's policy wants that. In the transaction of the change. */
export async function rememberPassword(
  tx: Database,
  owner: PasswordOwner & { readonly accountId: string },
): Promise<void> {
  const { passwordReusePrevention } = await loadPasswordPolicy(tx, owner.accountId);
  await keepFormerHash(tx, owner, owner.passwordHash, passwordReusePrevention);
}
