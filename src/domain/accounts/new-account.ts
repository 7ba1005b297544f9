import { generatePassword } from '../../crypto/generated-passwords.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import { newAccountId, newUserId } from '../../crypto/random-ids.ts';
import type { Database } from '../../storage/db/database.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import { AppError } from '../app-error.ts';
import { initialPasswordExpiry } from '../login-profiles/login-profiles-store.ts';
import { administratorAccess, platformAdministratorAccess } from '../policies/system-policies.ts';
import { addSigningKey, generateSigningKey, type NewSigningKey } from '../signing-keys/signing-keys.ts';
import { insertAccount, insertCurrentAlias } from './accounts-store.ts';

export interface NewAccountInput {
  readonly alias: string;
  readonly adminUserName: string;
  /** The first account of a deployment: its administrator may create others. */
  readonly isPlatform: boolean;
}

/** The slow part of making an account, done before its transaction. */
export interface PreparedAccount {
  readonly initialPassword: string;
  readonly passwordHash: string;
  readonly keys: readonly NewSigningKey[];
}

export async function prepareAccount({
  passwordHasher,
}: {
  readonly passwordHasher: PasswordHasher;
}): Promise<PreparedAccount> {
  const initialPassword = generatePassword();
  const [passwordHash, ...keys] = await Promise.all([
    passwordHasher.hash(initialPassword),
    generateSigningKey('ES256'),
    generateSigningKey('RS256'),
  ]);
  return { initialPassword, passwordHash, keys };
}

export interface InsertedAccount {
  readonly accountId: string;
  readonly adminUserId: string;
}

/**
 * Inserts an account, its name, its keys, which sign at once, and its administrator, who must choose a password at first logon. Inside a
 * transaction only. Throws `EntityAlreadyExists.AccountAlias` for a name that is or was anybody's.
 */
export async function insertNewAccount(
  deps: { readonly db: Database; readonly keyRing: KeyRing },
  { alias, adminUserName, isPlatform }: NewAccountInput,
  { passwordHash, keys }: PreparedAccount,
): Promise<InsertedAccount> {
  const accountId = newAccountId();
  await insertAccount(deps.db, { accountId, isPlatform });
  if (!(await insertCurrentAlias(deps.db, alias, accountId))) {
    throw new AppError('EntityAlreadyExists.AccountAlias', `The alias "${alias}" is taken.`);
  }
  for (const key of keys) await addSigningKey(deps, accountId, key, 0);
  const administrator = { accountId, userId: newUserId(), userName: adminUserName };
  const platformPolicies = isPlatform ? [platformAdministratorAccess] : [];
  await insertAdministrator(deps.db, administrator, passwordHash, [administratorAccess, ...platformPolicies]);
  return { accountId, adminUserId: administrator.userId };
}

async function insertAdministrator(
  db: Database,
  { accountId, userId, userName }: { accountId: string; userId: string; userName: string },
  passwordHash: string,
  policyNames: readonly string[],
): Promise<void> {
  const userNameKey = userName.toLowerCase();
  await db.insert(users).values({ userId, accountId, userName, userNameKey, displayName: userName });
  await db.insert(loginProfiles).values({
    userId,
    accountId,
    passwordHash,
    resetRequired: true,
    initialPasswordExpiresAt: initialPasswordExpiry(),
  });
  await db
    .insert(userPolicies)
    .values(policyNames.map((policyName) => ({ accountId, userId, policyType: 'system' as const, policyName })));
}
