import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { consents } from '../../storage/db/schema/consents.ts';

/** What a user allowed an application: OIDC scopes. Access to the API is asked for each time, so it is not remembered. */
export interface Consented {
  readonly scopes: string[];
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
  { accountId, userId, clientId }: { accountId: string; userId: string; clientId: string },
  granted: Consented,
): Promise<void> {
  await db
    .insert(consents)
    .values({ accountId, userId, clientId, granted })
    .onConflictDoUpdate({ target: [consents.userId, consents.clientId], set: { granted, updatedAt: sql`now()` } });
}
