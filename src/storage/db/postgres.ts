import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import type { DatabaseHandle } from './database.ts';
import { guardDatabase } from './guard-database.ts';
import { createPooledClient } from './postgres-client.ts';
import { PostgresPool } from './postgres-pool.ts';

interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; the parameters `sslmode` and `prepare=false` (for PgBouncer) are known. */
  readonly url: string;
  readonly maxConnections?: number;
  /** Longest time one statement may take; 4. Migrations of a large database ask for more. */
  readonly statementTimeoutSeconds?: number;
}

const connectTimeoutSeconds = 3;
const maxWaitMs = 3_000;

/**
 * Opens a pool of connections. Nothing is connected before the first statement, so a server that is away at the start is no
 * error here. Errors: TypeError for an address that is none.
 */
export function openPostgres(options: PostgresOptions): Promise<DatabaseHandle> {
  const { url, maxConnections = 10, statementTimeoutSeconds = 4 } = options;
  if (!URL.canParse(url)) return Promise.reject(new TypeError('the database address is not a URL of one host'));
  const open = (onClose: () => void) => connect(url, statementTimeoutSeconds, onClose);
  const maxSilenceMs = (statementTimeoutSeconds + 1) * 1_000;
  const pool = new PostgresPool(open, { maxConnections, maxWaitMs, maxSilenceMs });
  const db = drizzle({ client: createPooledClient(pool) });
  guardDatabase(db);
  return Promise.resolve({
    db,
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    close: () => pool.close(),
  });
}

function connect(url: string, statementTimeoutSeconds: number, onclose: () => void): Sql {
  return postgres(url, {
    max: 1,
    connect_timeout: connectTimeoutSeconds,
    // The pool retires connections; the client's own timer would end one within a transaction.
    max_lifetime: null,
    connection: { application_name: 'postern', statement_timeout: statementTimeoutSeconds * 1_000 },
    types: clientTypes,
    onnotice: () => undefined,
    onclose,
  });
}

const asIs = (value: unknown) => value;

/** Dates and JSON are drizzle's to convert. A 64-bit integer is a number where it fits: PGlite answers so too. */
const clientTypes = {
  instants: { to: 1184, from: [1082, 1083, 1114, 1184, 1182, 1185, 1115, 1231], serialize: asIs, parse: asIs },
  dates: { to: 1082, from: [], serialize: asIs, parse: asIs },
  times: { to: 1083, from: [], serialize: asIs, parse: asIs },
  timestamps: { to: 1114, from: [], serialize: asIs, parse: asIs },
  json: { to: 114, from: [], serialize: asIs, parse: asIs },
  jsonb: { to: 3802, from: [], serialize: asIs, parse: asIs },
  bigint: { to: 20, from: [20], serialize: String, parse: parseInteger },
};

function parseInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
