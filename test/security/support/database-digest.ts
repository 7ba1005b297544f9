import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../src/storage/db/database.ts';

/** What is written though nothing is changed: the log of what was tried, and counts of requests. */
const beside = sql`tablename <> 'audit_events'`;
const countsRequests = sql`coalesce(to_jsonb(t)->>'key', '') not like 'requests:%'`;

async function tableNames(db: Database): Promise<string[]> {
  const rows = await db
    .select({ name: sql<string>`tablename` })
    .from(sql`pg_tables`)
    .where(sql`schemaname = 'public' and ${beside}`)
    .orderBy(sql`tablename`);
  return rows.map(({ name }) => name);
}

const digestOfTable = (name: string, condition: SQL): SQL =>
  sql`select ${name}::text as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest
      from ${sql.identifier(name)} t where ${countsRequests} and ${condition}`;

/** Every table and a digest of all its rows, or of those of one account. A difference shows which tables differ. */
export async function digestOf(db: Database, accountId?: string): Promise<Readonly<Record<string, string>>> {
  const condition = accountId === undefined ? sql`true` : sql`to_jsonb(t)->>'account_id' = ${accountId}`;
  const parts = (await tableNames(db)).map((name) => digestOfTable(name, condition));
  const rows = await db
    .select({ name: sql<string>`name`, digest: sql<string>`digest` })
    .from(sql`(${sql.join(parts, sql` union all `)}) as digests`);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}
