import { sql } from 'drizzle-orm';
import { Redis } from 'ioredis';
import type { Database } from '../../../src/storage/db/database.ts';

/** Every row of every table, as text. */
export async function dumpDatabase(db: Database): Promise<string> {
  const tables = await db
    .select({ schema: sql<string>`schemaname`, name: sql<string>`tablename` })
    .from(sql`pg_tables`)
    .where(sql`schemaname not in ('pg_catalog', 'information_schema')`);
  const dumps: string[] = [];
  for (const { schema, name } of tables) {
    const rows = await db
      .select({ row: sql<string>`to_jsonb(t)::text` })
      .from(sql`${sql.identifier(schema)}.${sql.identifier(name)} as t`);
    dumps.push(`${schema}.${name}`, ...rows.map(({ row }) => row));
  }
  return dumps.join('\n');
}

/** Every key of a Redis server with what stands under it. */
export async function dumpRedis(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    const keys = await client.keys('*');
    const values = await Promise.all(
      keys.map(async (key) =>
        (await client.type(key)) === 'set' ? (await client.smembers(key)).join() : ((await client.get(key)) ?? ''),
      ),
    );
    return keys.map((key, at) => `${key}\t${values[at] ?? ''}`).join('\n');
  } finally {
    client.disconnect();
  }
}

/** The forms in which a secret could stand somewhere and still be read back. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    JSON.stringify(secret).slice(1, -1),
    [...secret].reverse().join(''),
  ];
  return [...new Set(forms.map((form) => form.replace(/=+$/, '')))];
}

/** Names of the secrets that can be read in a text. */
export const readableIn = (text: string, secrets: ReadonlyMap<string, string>): string[] => {
  const lower = text.toLowerCase();
  return [...secrets]
    .filter(([, secret]) => formsOf(secret).some((form) => lower.includes(form.toLowerCase())))
    .map(([name]) => name);
};
