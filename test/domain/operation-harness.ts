import { randomBytes } from 'node:crypto';
import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
import { newKeyRingEntry, parseKeyRing } from '../../src/crypto/key-ring.ts';
import { createPasswordHasher } from '../../src/crypto/password-hashing.ts';
import { newAccountId, newUserId } from '../../src/crypto/random-ids.ts';
import { insertAccount, insertCurrentAlias } from '../../src/domain/accounts/accounts-store.ts';
import { AppError } from '../../src/domain/app-error.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { insertLoginProfiles } from '../../src/domain/login-profiles/login-profiles-store.ts';
import type { OperationDeps } from '../../src/domain/operation.ts';
import { createCompiledPolicies } from '../../src/domain/policies/compiled-policies.ts';
import { createKeptRights } from '../../src/domain/policies/kept-rights.ts';
import { insertUserPolicy } from '../../src/domain/policies/user-policies-store.ts';
import { insertUsers } from '../../src/domain/users/users-store.ts';
import type { Database, DatabaseHandle } from '../../src/storage/db/database.ts';
import { migrate } from '../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../src/storage/db/pglite.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { users } from '../../src/storage/db/schema/users.ts';
import { openSqlEphemeralStore } from '../../src/storage/ephemeral/sql.ts';

export interface Harness {
  readonly deps: OperationDeps;
  readonly close: () => Promise<void>;
}

/** Operations over a database with the real migrations; embedded and in memory unless one is given. */
export async function openHarness(
  open: () => Promise<DatabaseHandle> = () => openEmbedded('memory'),
): Promise<Harness> {
  const { db, close } = await open();
  await migrate(db);
  const deps = depsOver(db);
  return {
    deps,
    close: async () => {
      await deps.ephemeral.close();
      await close();
    },
  };
}

function depsOver(db: Database): OperationDeps {
  const parsed = parseKeyRing(newKeyRingEntry('test'));
  if (!('ring' in parsed)) throw new Error(parsed.faults.join());
  return {
    db,
    ephemeral: openSqlEphemeralStore({ db }),
    keyRing: parsed.ring,
    passwordHasher: createPasswordHasher({ parallel: 2, queueLimit: 200 }),
    breachedPasswords: undefined,
    compiledPolicies: createCompiledPolicies(),
    keptRights: createKeptRights(),
    publicUrl: 'https://id.example.com',
    logonDomain: 'logon.example.com',
  };
}

export interface TestAccount {
  readonly accountId: string;
  readonly alias: string;
  /** Has `AdministratorAccess` and a login profile. */
  readonly admin: Caller;
}

export async function newAccount({ deps }: Harness, { isPlatform = false } = {}): Promise<TestAccount> {
  const accountId = newAccountId();
  const alias = `t${randomBytes(6).toString('hex')}`;
  await insertAccount(deps.db, { accountId, isPlatform });
  await insertCurrentAlias(deps.db, alias, accountId);
  const admin = await newUser(deps.db, accountId, 'admin', ['AdministratorAccess']);
  return { accountId, alias, admin };
}

/** A user who can log on (with no password that would do) and has these policies. */
export async function newUser(
  db: Database,
  accountId: string,
  userName: string,
  policyNames: readonly string[] = [],
): Promise<Caller> {
  const userId = newUserId();
  await insertUsers(db, [{ userId, accountId, userName, userNameKey: userName.toLowerCase(), displayName: userName }]);
  const flags = { status: 'active', resetRequired: false, mfaRequired: false, expires: false } as const;
  await insertLoginProfiles(db, [{ userId, accountId, passwordHash: 'none', ...flags }]);
  for (const policyName of policyNames)
    await insertUserPolicy(db, { accountId, userId, policyType: 'system', policyName });
  return callerOf(accountId, userId, userName);
}

export const callerOf = (accountId: string, userId: string, userName: string): Caller => ({
  accountId,
  userId,
  userName,
  via: 'token:app_test',
  sourceIp: '192.0.2.1',
  requestId: 'request-1',
  mfaPresent: false,
  secureTransport: true,
  apiAccess: 'full',
});

/** What an operation refuses with; fails if it does not refuse. */
export async function refusal(attempt: Promise<unknown>): Promise<AppError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error('expected a refusal', { cause: error });
}

export const eventsOf = (db: Database, accountId: string) =>
  db.select().from(auditEvents).where(eq(auditEvents.accountId, accountId)).orderBy(asc(auditEvents.auditEventId));

export async function userRow(db: Database, accountId: string, userName: string) {
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.accountId, accountId), eq(users.userNameKey, userName.toLowerCase())));
  return row;
}

/** A login profile and in how many days its password dies, by the database's clock. */
export async function loginProfileOf(db: Database, userId: string) {
  const expiresInDays = sql<
    number | null
  >`round(extract(epoch from ${loginProfiles.initialPasswordExpiresAt} - now()) / 86400)::int`;
  const [row] = await db
    .select({ ...getTableColumns(loginProfiles), expiresInDays })
    .from(loginProfiles)
    .where(eq(loginProfiles.userId, userId));
  return row;
}
