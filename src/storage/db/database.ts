import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/**
 * The durable store behind one type, whichever driver runs it (Postgres or embedded PGlite). A transaction has the same type,
 * so store functions work alike inside and outside one. Inside `db.transaction(async (tx) => …)` use `tx` and nothing else:
 * on PGlite's single connection an outer query would wait for ever.
 */
export type Database = PgDatabase<PgQueryResultHKT>;

/** A driver's handle: the queries, and what the composition root needs to know of its life. */
export interface DatabaseHandle {
  readonly db: Database;
  /** Resolves if the database answers; rejects with `StoreUnavailableError` otherwise. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}
