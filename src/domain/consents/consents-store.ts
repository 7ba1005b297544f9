import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { consents } from '../../storage/db/schema/consents.ts';

/** What a user allowed an application: OIDC scopes. Access to the API is asked for each time, so it is not remembered. */
export interface Consented {
  readonly scopes: string[];
}

/** Whose word it is, and which application it is about. */
export interface ConsentReference {
  readonly accountId: string;
  readonly userId: string;
  readonly clientId: string;
}

export async function findConsent(db: Database, userId: string, clientId: string): Promise<Consented | undefined> {
  const [row] = await db
    .select({ granted: consents.granted })
    .from(consents)
    .where(and(eq(consents.userId, userId), eq(consents.clientId, clientId)));
  return row === undefined ? undefined : { scopes: row.granted.scopes };
}

/** Remembers what is allowed from now on. */
export async function upsertConsent(
  db: Database,
  { accountId, userId, clientId }: ConsentReference,
  granted: Consented,
): Promise<void> {
  await db
    .insert(consents)
    .values({ accountId, userId, clientId, granted })
    .onConflictDoUpdate({ target: [consents.userId, consents.clientId], set: { granted, updatedAt: sql`now()` } });
}

/** In the order of the applications' names; no more than an account can have applications. */
export async function listConsents(db: Database, { accountId, userId }: Omit<ConsentReference, 'clientId'>) {
  const { clientId, granted, createdAt, updatedAt } = consents;
  return await db
    .select({ clientId, displayName: applications.displayName, granted, createdAt, updatedAt })
    .from(consents)
    .innerJoin(applications, eq(applications.clientId, clientId))
    .where(and(eq(consents.accountId, accountId), eq(consents.userId, userId)))
    .orderBy(asc(applications.displayName), asc(clientId));
}

/** True for exactly one of racing callers, if it was there. */
export async function deleteConsent(db: Database, { accountId, userId, clientId }: ConsentReference): Promise<boolean> {
  const rows = await db
    .delete(consents)
    .where(and(eq(consents.accountId, accountId), eq(consents.userId, userId), eq(consents.clientId, clientId)))
    .returning({ clientId: consents.clientId });
  return rows.length === 1;
}
