import { eq, like, sql } from 'drizzle-orm';
import { Redis } from 'ioredis';
import { ephemeralEntries } from '../../src/storage/db/schema/ephemeral.ts';
import type { TestServer } from './test-server.ts';

type TimedServer = Pick<TestServer, 'backend' | 'stores'>;

/** What stands in the short-lived store, and for how many milliseconds more. */
export interface TimedEntry {
  readonly key: string;
  readonly value: string;
  readonly leftMs: number;
}

const beginningOf = (issuerName: string): string => `oidc:${issuerName}:`;

/** Everything that an issuer has in the short-lived store at present. */
export const entriesOf = (server: TimedServer, issuerName: string): Promise<TimedEntry[]> =>
  server.stores.redis === undefined
    ? entriesOfTable(server, issuerName)
    : withRedis(server.stores.redis.url, (redis) => entriesOfRedis(redis, issuerName));

/**
 * Lets time pass for what an issuer has in the short-lived store: all of it is nearer to its end, and gone where that is reached. The clocks
 * stand still, so what sessions note of their last use moves back.
 */
export async function letTimePass(server: TimedServer, issuerName: string, seconds: number): Promise<void> {
  const aged = (await entriesOf(server, issuerName)).map((entry) => ({
    ...entry,
    value: withOlderUse(entry, seconds),
    leftMs: entry.leftMs - seconds * 1000,
  }));
  if (server.stores.redis === undefined) return await writeTable(server, aged);
  await withRedis(server.stores.redis.url, (redis) => writeRedis(redis, aged));
}

function withOlderUse({ key, value }: TimedEntry, seconds: number): string {
  if (!key.includes(':Session:')) return value;
  const record = JSON.parse(value) as { use?: { at: number } };
  if (record.use !== undefined) record.use.at -= seconds;
  return JSON.stringify(record);
}

const leftMs = sql<number>`(extract(epoch from ${ephemeralEntries.expiresAt} - now()) * 1000)::float8`;

async function entriesOfTable({ backend }: TimedServer, issuerName: string): Promise<TimedEntry[]> {
  const rows = await backend.db
    .select({ key: ephemeralEntries.key, value: ephemeralEntries.value, leftMs })
    .from(ephemeralEntries)
    .where(like(ephemeralEntries.key, `${beginningOf(issuerName)}%`));
  return rows.filter((row) => row.leftMs > 0);
}

async function writeTable({ backend }: TimedServer, entries: readonly TimedEntry[]): Promise<void> {
  for (const { key, value, leftMs: left } of entries)
    await backend.db
      .update(ephemeralEntries)
      .set({ value, expiresAt: sql`now() + make_interval(secs => ${left / 1000})` })
      .where(eq(ephemeralEntries.key, key));
}

async function entriesOfRedis(redis: Redis, issuerName: string): Promise<TimedEntry[]> {
  const keys = await redis.keys(`${beginningOf(issuerName)}*`);
  const read = async (key: string) => ({ key, value: (await redis.get(key)) ?? '', leftMs: await redis.pttl(key) });
  return (await Promise.all(keys.map(read))).filter((entry) => entry.leftMs > 0);
}

async function writeRedis(redis: Redis, entries: readonly TimedEntry[]): Promise<void> {
  for (const { key, value, leftMs: left } of entries)
    await (left > 0 ? redis.set(key, value, 'PX', Math.ceil(left)) : redis.del(key));
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
