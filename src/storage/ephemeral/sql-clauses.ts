import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** The database's clock, read once per statement. */
export const now = sql`statement_timestamp()`;
export const expiresAt = sql`statement_timestamp() + make_interval(secs => ${sql.placeholder('ttlSeconds')})`;

/** As an array the rows are picked once; as a plain IN the planner may pick again, and so go beyond the limit. */
export function isOneOf(place: SQL, picked: SQLWrapper): SQL {
  return sql`${place} = any(array${picked})`;
}
