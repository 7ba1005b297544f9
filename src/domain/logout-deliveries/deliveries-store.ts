import { and, asc, desc, eq, inArray, lt, lte, ne, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { logoutDeliveries } from '../../storage/db/schema/logout-deliveries.ts';

/** A session that ended, and the apps that know it by a `sid`. */
export interface EndedSession {
  readonly accountId: string;
  readonly issuerName: string;
  readonly userId: string;
  readonly apps: readonly { readonly clientId: string; readonly sid: string }[];
}

/** Notes a logout token to be sent for every app that takes any. Apps that are gone, and our own, get none. */
export async function insertLogoutDeliveries(
  db: Database,
  { accountId, issuerName, userId, apps }: EndedSession,
): Promise<void> {
  if (apps.length === 0) return;
  const told = sql.join(
    apps.map(({ clientId, sid }) => sql`(${clientId}::text, ${sid}::text)`),
    sql`, `,
  );
  // Written out: drizzle's own insert from a select wants to name the number too, which only the database gives.
  await db.execute(sql`
    insert into ${logoutDeliveries} (account_id, issuer_name, client_id, user_id, sid)
    select ${applications.accountId}, ${issuerName}::text, ${applications.clientId}, ${userId}::text, told.sid
    from ${applications} join (values ${told}) as told (client_id, sid) on told.client_id = ${applications.clientId}
    where ${applications.accountId} = ${accountId} and ${applications.backchannelLogoutUri} is not null
    for key share of ${applications}`);
}

/** A logout token to be sent now. */
export interface DueDelivery extends Omit<EndedSession, 'apps'> {
  readonly logoutDeliveryId: number;
  readonly clientId: string;
  readonly sid: string;
  /** How often it was tried before. */
  readonly attempts: number;
}

const isDue = and(eq(logoutDeliveries.status, 'pending'), lte(logoutDeliveries.dueAt, sql`now()`));

/** Seconds that whoever claims deliveries has for them before others may take them up. */
const leaseSeconds = 30;

interface ClaimQuery {
  /** Apps and accounts that have had enough of the claimer's attention for now. */
  readonly exceptClients: readonly string[];
  readonly exceptAccounts: readonly string[];
  readonly limit: number;
}

/**
 * Takes up deliveries to one app, that of the delivery which has waited longest but for the exceptions: at most `limit`, oldest first. Of
 * racing callers, whatever their process, each gets others. Apps are told apart by their id and never by their address: what an account
 * writes there is not to touch another's deliveries.
 */
export async function claimDeliveries(
  db: Database,
  { exceptClients, exceptAccounts, limit }: ClaimQuery,
): Promise<DueDelivery[]> {
  const { logoutDeliveryId, accountId, issuerName, clientId, userId, sid, attempts, dueAt } = logoutDeliveries;
  const isOpen = and(
    exceptClients.length === 0 ? undefined : notInArray(clientId, [...exceptClients]),
    exceptAccounts.length === 0 ? undefined : notInArray(accountId, [...exceptAccounts]),
  );
  const nextApp = db
    .select({ clientId })
    .from(logoutDeliveries)
    .where(and(isDue, isOpen))
    .orderBy(asc(dueAt))
    .limit(1)
    .for('update', { skipLocked: true });
  const picked = db
    .select({ logoutDeliveryId })
    .from(logoutDeliveries)
    .where(and(isDue, eq(clientId, nextApp)))
    .orderBy(asc(dueAt), asc(logoutDeliveryId))
    .limit(limit)
    .for('update', { skipLocked: true });
  const rows = await db
    .update(logoutDeliveries)
    .set({ dueAt: sql`now() + make_interval(secs => ${leaseSeconds})` })
    // As an array they are picked once; as a plain IN the planner may pick again, and so go beyond the limit.
    .where(sql`${logoutDeliveryId} = any(array${picked})`)
    .returning({ logoutDeliveryId, accountId, issuerName, clientId, userId, sid, attempts });
  return rows.toSorted((left, right) => left.logoutDeliveryId - right.logoutDeliveryId);
}

/** How long an app that cannot be reached is tried (from the end of the session on). */
const giveUpAt = sql`${logoutDeliveries.createdAt} + interval '24 hours'`;

/** Never later than the last moment, so that one more try is made then. */
const afterSeconds = (seconds: number): SQL => sql`least(now() + make_interval(secs => ${seconds}), ${giveUpAt})`;

/** Notes that the app has taken it, or that there is nobody to send it to any more. */
export async function settleDelivery(
  db: Database,
  logoutDeliveryId: number,
  { status, lastError }: { readonly status: 'delivered' | 'failed'; readonly lastError: string | null },
): Promise<void> {
  await db
    .update(logoutDeliveries)
    .set({ status, lastError, attempts: sql`${logoutDeliveries.attempts} + 1`, settledAt: sql`now()` })
    .where(eq(logoutDeliveries.logoutDeliveryId, logoutDeliveryId));
}

/** Notes a try that failed; the next comes after so many seconds, or never where the time is over. Answers whether it is given up. */
export async function postponeDelivery(
  db: Database,
  logoutDeliveryId: number,
  { lastError, seconds }: { readonly lastError: string; readonly seconds: number },
): Promise<boolean> {
  const isOver = sql`now() >= ${giveUpAt}`;
  const [row] = await db
    .update(logoutDeliveries)
    .set({
      lastError,
      attempts: sql`${logoutDeliveries.attempts} + 1`,
      status: sql`case when ${isOver} then 'failed' else 'pending' end`,
      settledAt: sql`case when ${isOver} then now() end`,
      dueAt: afterSeconds(seconds),
    })
    .where(eq(logoutDeliveries.logoutDeliveryId, logoutDeliveryId))
    .returning({ status: logoutDeliveries.status });
  return row?.status === 'failed';
}

/**
 * Lets everything wait that is due for an app which cannot be reached, and what was claimed of it already: one try tells enough for all. What
 * waits for another's failure waits ten minutes at most, for it has not been tried itself.
 */
export async function holdBackDeliveries(
  db: Database,
  { clientId, claimed }: { readonly clientId: string; readonly claimed: readonly number[] },
  { lastError, seconds }: { readonly lastError: string; readonly seconds: number },
): Promise<void> {
  const isClaimed = claimed.length === 0 ? undefined : inArray(logoutDeliveries.logoutDeliveryId, [...claimed]);
  await db
    .update(logoutDeliveries)
    .set({ lastError, dueAt: afterSeconds(Math.min(seconds, longestHoldSeconds)) })
    .where(and(eq(logoutDeliveries.clientId, clientId), or(isDue, isClaimed)));
}

const longestHoldSeconds = 600;

/** Gives back what was claimed and not tried. */
export async function releaseDeliveries(db: Database, claimed: readonly number[]): Promise<void> {
  if (claimed.length === 0) return;
  await db
    .update(logoutDeliveries)
    .set({ dueAt: sql`now()` })
    .where(inArray(logoutDeliveries.logoutDeliveryId, [...claimed]));
}

/** Deliveries to an app, newest first. */
export async function listLogoutDeliveries(
  db: Database,
  clientId: string,
  query: {
    readonly status: 'pending' | 'delivered' | 'failed' | undefined;
    readonly beforeId: number | undefined;
    readonly limit: number;
  },
) {
  const { status, beforeId, limit } = query;
  return await db
    .select()
    .from(logoutDeliveries)
    .where(
      and(
        eq(logoutDeliveries.clientId, clientId),
        status === undefined ? undefined : eq(logoutDeliveries.status, status),
        beforeId === undefined ? undefined : lt(logoutDeliveries.logoutDeliveryId, beforeId),
      ),
    )
    .orderBy(desc(logoutDeliveries.logoutDeliveryId))
    .limit(limit);
}

export type LogoutDeliveryRow = Awaited<ReturnType<typeof listLogoutDeliveries>>[number];

const keptDays = 30;

/**
 * Deletes settled deliveries that are older than 30 days, at most `limit`; answers how many. They are numbered as they come and settled
 * within a day, so a look at the oldest tells whether there is anything to do.
 */
export async function deleteOldDeliveries(db: Database, limit: number): Promise<number> {
  const oldest = db
    .select({ id: logoutDeliveries.logoutDeliveryId })
    .from(logoutDeliveries)
    .orderBy(asc(logoutDeliveries.logoutDeliveryId))
    .limit(limit)
    .for('update', { skipLocked: true });
  const rows = await db
    .delete(logoutDeliveries)
    .where(
      and(
        sql`${logoutDeliveries.logoutDeliveryId} = any(array${oldest})`,
        ne(logoutDeliveries.status, 'pending'),
        lt(logoutDeliveries.settledAt, sql`now() - make_interval(days => ${keptDays})`),
      ),
    )
    .returning({ id: logoutDeliveries.logoutDeliveryId });
  return rows.length;
}
