import { and, asc, eq, gt, ilike, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { applicationSecrets, applications } from '../../storage/db/schema/applications.ts';
import type { ApplicationSettings } from './application-rules.ts';

export type Application = typeof applications.$inferSelect;
type NewApplication = typeof applications.$inferInsert;

/** A secret as it may be shown: its hash stays in the database. */
export interface ApplicationSecret {
  readonly secretId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

const secretColumns = {
  secretId: applicationSecrets.secretId,
  createdAt: applicationSecrets.createdAt,
  expiresAt: applicationSecrets.expiresAt,
};

const ofAccount = (accountId: string, clientId: string) =>
  and(eq(applications.accountId, accountId), eq(applications.clientId, clientId));

const secretsOf = (clientId: string) => eq(applicationSecrets.clientId, clientId);

const secretIsActive = or(isNull(applicationSecrets.expiresAt), gt(applicationSecrets.expiresAt, sql`now()`));

/** Whatever the account: client ids are unique in the deployment. The caller compares `accountId`. */
export async function findApplication(db: Database, clientId: string): Promise<Application | undefined> {
  const [row] = await db.select().from(applications).where(eq(applications.clientId, clientId));
  return row;
}

export async function findAccountApplication(
  db: Database,
  accountId: string,
  clientId: string,
): Promise<Application | undefined> {
  const [row] = await db.select().from(applications).where(ofAccount(accountId, clientId));
  return row;
}

/** Finds an application and holds its row until the transaction ends. */
export async function lockApplication(
  tx: Database,
  accountId: string,
  clientId: string,
): Promise<Application | undefined> {
  const [row] = await tx.select().from(applications).where(ofAccount(accountId, clientId)).for('update');
  return row;
}

export async function countApplications(db: Database, accountId: string): Promise<number> {
  return await db.$count(applications, eq(applications.accountId, accountId));
}

export async function insertApplication(db: Database, application: NewApplication): Promise<Application | undefined> {
  const [row] = await db.insert(applications).values(application).returning();
  return row;
}

/** `raiseEpoch` kills what was issued to the application so far. */
export async function updateApplication(
  db: Database,
  clientId: string,
  settings: ApplicationSettings,
  raiseEpoch: boolean,
): Promise<Application | undefined> {
  const [row] = await db
    .update(applications)
    .set({ ...settings, ...(raiseEpoch ? { epoch: sql`${applications.epoch} + 1` } : {}) })
    .where(eq(applications.clientId, clientId))
    .returning();
  return row;
}

/** Makes every process take a new look at the application: its revision rises. */
export async function touchApplication(db: Database, clientId: string): Promise<void> {
  await db.update(applications).set({ clientId }).where(eq(applications.clientId, clientId));
}

/** Its secrets go with the row. Answers whether it was there. */
export async function deleteApplication(db: Database, accountId: string, clientId: string): Promise<boolean> {
  const rows = await db
    .delete(applications)
    .where(ofAccount(accountId, clientId))
    .returning({ clientId: applications.clientId });
  return rows.length === 1;
}

/** One page in the order of client ids. */
export interface ApplicationListFilter {
  readonly q?: string | undefined;
  readonly afterClientId?: string | undefined;
  readonly limit: number;
}

const containing = (q: string): string => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

export async function listApplications(
  db: Database,
  accountId: string,
  { q, afterClientId, limit }: ApplicationListFilter,
): Promise<Application[]> {
  const named =
    q === undefined ? undefined : or(ilike(applications.displayName, containing(q)), eq(applications.clientId, q));
  const after = afterClientId === undefined ? undefined : gt(applications.clientId, afterClientId);
  return await db
    .select()
    .from(applications)
    .where(and(eq(applications.accountId, accountId), named, after))
    .orderBy(asc(applications.clientId))
    .limit(limit);
}

export async function insertApplicationSecret(
  db: Database,
  secret: Pick<typeof applicationSecrets.$inferInsert, 'secretId' | 'accountId' | 'clientId' | 'secretHash'>,
): Promise<ApplicationSecret | undefined> {
  const [row] = await db.insert(applicationSecrets).values(secret).returning(secretColumns);
  return row;
}

export async function listApplicationSecrets(db: Database, clientId: string): Promise<ApplicationSecret[]> {
  return await db
    .select(secretColumns)
    .from(applicationSecrets)
    .where(and(secretsOf(clientId), secretIsActive))
    .orderBy(asc(applicationSecrets.createdAt), asc(applicationSecrets.secretId));
}

/** Hashes (see `hashToken`) of the secrets that are good now, by the database's clock. */
export async function listApplicationSecretHashes(db: Database, clientId: string): Promise<string[]> {
  const rows = await db
    .select({ secretHash: applicationSecrets.secretHash })
    .from(applicationSecrets)
    .where(and(secretsOf(clientId), secretIsActive));
  return rows.map(({ secretHash }) => secretHash);
}

/** Answers whether it was there. */
export async function deleteApplicationSecret(db: Database, clientId: string, secretId: string): Promise<boolean> {
  const rows = await db
    .delete(applicationSecrets)
    .where(and(secretsOf(clientId), eq(applicationSecrets.secretId, secretId)))
    .returning({ secretId: applicationSecrets.secretId });
  return rows.length === 1;
}

export async function deleteAllApplicationSecrets(db: Database, clientId: string): Promise<void> {
  await db.delete(applicationSecrets).where(secretsOf(clientId));
}
