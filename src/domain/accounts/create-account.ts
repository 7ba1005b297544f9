import { sql } from 'drizzle-orm';
import { seal } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import { newAccessKeyId, newAccessKeySecret } from '../../crypto/random-ids.ts';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { AppError } from '../app-error.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { platformAccountResource } from './account-resource.ts';
import { aliasFault } from './alias-rules.ts';
import { type InsertedAccount, insertNewAccount, type NewAccountInput, prepareAccount } from './new-account.ts';

interface CreateAccountDeps {
  readonly db: Database;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
  readonly publicUrl: string;
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
 * Makes an account for the deployment itself: with one administrator (`AdministratorAccess`; in the platform account
 * `PlatformAdministratorAccess` too), who must choose a password at first logon, an access key named `bootstrap`, and signing keys that sign
 * at once. All or nothing. Throws `InvalidParameter` for a bad alias, `EntityAlreadyExists.AccountAlias` for one that is or was anybody's.
 */
export async function createAccount(deps: CreateAccountDeps, input: NewAccountInput): Promise<NewAccountHandover> {
  const { alias, adminUserName } = input;
  refuseBadAlias(alias);
  const prepared = await prepareAccount(deps);
  return await deps.db.transaction(async (tx) => {
    const inserted = await insertNewAccount({ ...deps, db: tx }, input, prepared);
    const key = await insertBootstrapKey({ ...deps, db: tx }, inserted);
    const { accountId } = inserted;
    await insertAuditEvent(tx, {
      accountId,
      actorVia: 'system',
      action: 'postern:CreateAccount',
      resource: platformAccountResource({ accountId }),
      outcome: 'success',
      details: { alias, adminUserName },
    });
    const { initialPassword } = prepared;
    return { publicUrl: deps.publicUrl, alias, accountId, adminUserName, initialPassword, ...key };
  });
}

function refuseBadAlias(alias: string): void {
  const fault = aliasFault(alias);
  if (fault === undefined) return;
  throw new AppError('InvalidParameter', fault, {
    faults: [{ pointer: '/alias', code: 'InvalidParameter.AccountAlias.Format', detail: fault }],
  });
}

async function insertBootstrapKey(
  { db, keyRing }: CreateAccountDeps,
  { accountId, adminUserId }: InsertedAccount,
): Promise<Pick<NewAccountHandover, 'accessKeyId' | 'accessKeySecret'>> {
  const [accessKeyId, accessKeySecret] = [newAccessKeyId(), newAccessKeySecret()];
  await db.insert(accessKeys).values({
    accessKeyId,
    accountId,
    userId: adminUserId,
    name: 'bootstrap',
    secretSealed: seal(keyRing, accessKeySecret, { accountId, row: accessKeyId, column: 'access_keys.secret_sealed' }),
    expiresAt: sql`now() + make_interval(days => ${bootstrapKeyDays})`,
  });
  return { accessKeyId, accessKeySecret };
}
