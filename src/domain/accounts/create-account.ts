import { sql } from 'drizzle-orm';
import { seal } from '../../crypto/envelope.ts';
import { generatePassword } from '../../crypto/generated-passwords.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import { newAccessKeyId, newAccessKeySecret, newAccountId, newUserId } from '../../crypto/random-ids.ts';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import { AppError } from '../app-error.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { initialPasswordExpiry } from '../login-profiles/login-profiles-store.ts';
import { addSigningKey, generateSigningKey, type NewSigningKey } from '../signing-keys/signing-keys.ts';
import { insertAccount, insertCurrentAlias } from './accounts-store.ts';
import { aliasFault } from './alias-rules.ts';

interface CreateAccountDeps {
  readonly db: Database;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
  readonly publicUrl: string;
}

interface CreateAccountInput {
  readonly alias: string;
  readonly adminUserName: string;
  /** The first account of a deployment: its administrator may create others. */
  readonly isPlatform: boolean;
}

/** What is handed over once after an account was made; the shape of `first-run.json`. */
export interface NewAccountHandover {
  readonly publicUrl: string;
  readonly alias: string;
  readonly accountId: string;
  readonly adminUserName: string;
  readonly initialPassword: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** How long the first key of an account lives: enough to set up, too short to be forgotten in a script. */
const bootstrapKeyDays = 30;

/**
 * Makes an account with one administrator (`AdministratorAccess`; in the platform account `PlatformAdministratorAccess` too), who
 * must choose a password at first logon, an access key named `bootstrap`, and signing keys that sign at once.
 * All or nothing. Throws `InvalidParameter` for a bad alias, `EntityAlreadyExists.AccountAlias` for one that is or was anybody's.
 */
export async function createAccount(deps: CreateAccountDeps, input: CreateAccountInput): Promise<NewAccountHandover> {
  const fault = aliasFault(input.alias);
  if (fault !== undefined) {
    throw new AppError('InvalidParameter', fault, {
      faults: [{ pointer: '/alias', code: 'InvalidParameter.AccountAlias.Format', detail: fault }],
    });
  }
  const initialPassword = generatePassword();
  const [passwordHash, ...keys] = await Promise.all([
    deps.passwordHasher.hash(initialPassword),
    generateSigningKey('ES256'),
    generateSigningKey('RS256'),
  ]);
  const handover: NewAccountHandover = {
    publicUrl: deps.publicUrl,
    alias: input.alias,
    accountId: newAccountId(),
    adminUserName: input.adminUserName,
    initialPassword,
    accessKeyId: newAccessKeyId(),
    accessKeySecret: newAccessKeySecret(),
  };
  await deps.db.transaction(async (tx) => {
    await insertAccountWithKeys({ ...deps, db: tx }, handover, input.isPlatform, keys);
    await insertAdministrator({ ...deps, db: tx }, handover, passwordHash, input.isPlatform);
    await insertAuditEvent(tx, {
      accountId: handover.accountId,
      actorVia: 'system',
      action: 'postern:CreateAccount',
      resource: `acs:postern:*:${handover.accountId}:account`,
      outcome: 'success',
      details: { alias: input.alias, adminUserName: input.adminUserName },
    });
  });
  return handover;
}

async function insertAccountWithKeys(
  deps: CreateAccountDeps,
  { accountId, alias }: NewAccountHandover,
  isPlatform: boolean,
  keys: readonly NewSigningKey[],
): Promise<void> {
  await insertAccount(deps.db, { accountId, isPlatform });
  if (!(await insertCurrentAlias(deps.db, alias, accountId))) {
    throw new AppError('EntityAlreadyExists.AccountAlias', `The alias "${alias}" is taken.`);
  }
  for (const key of keys) await addSigningKey(deps, accountId, key, 0);
}

async function insertAdministrator(
  { db, keyRing }: CreateAccountDeps,
  { accountId, adminUserName, accessKeyId, accessKeySecret }: NewAccountHandover,
  passwordHash: string,
  isPlatform: boolean,
): Promise<void> {
  const userId = newUserId();
  const policyNames = ['AdministratorAccess', ...(isPlatform ? ['PlatformAdministratorAccess'] : [])];
  await db.insert(users).values({
    userId,
    accountId,
    userName: adminUserName,
    userNameKey: adminUserName.toLowerCase(),
    displayName: adminUserName,
  });
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
  await db.insert(accessKeys).values({
    accessKeyId,
    accountId,
    userId,
    name: 'bootstrap',
    secretSealed: seal(keyRing, accessKeySecret, { accountId, row: accessKeyId, column: 'access_keys.secret_sealed' }),
    expiresAt: sql`now() + make_interval(days => ${bootstrapKeyDays})`,
  });
}
