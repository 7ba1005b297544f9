import type { Sql } from 'postgres';
import type { PooledConnection, PostgresPool } from './postgres-pool.ts';

type Unsafe = Sql['unsafe'];
type Query = Parameters<Unsafe>[0];
type Values = Parameters<Unsafe>[1];

/** What drizzle's postgres.js driver asks of its client. */
interface PostgresClient {
  readonly options: Pick<Sql['options'], 'parsers' | 'serializers'>;
  readonly unsafe: (query: Query, values: Values) => PendingRows;
  readonly begin: (work: Work) => Promise<unknown>;
  readonly savepoint: (work: Work) => Promise<unknown>;
}

type Work = (client: PostgresClient) => Promise<unknown>;

/** Rows by name, or as arrays where `values` is called on it at once. */
type PendingRows = Promise<unknown> & { readonly values: () => Promise<unknown> };

type Send = <T>(send: (sql: Sql) => PromiseLike<T>) => Promise<T>;

/** A client over the pool: each statement on whichever connection is free, a transaction on one of its own. */
export function createPooledClient(pool: PostgresPool): Sql {
  const client: PostgresClient = {
    options: { parsers: {}, serializers: {} },
    unsafe: statements((send) => pool.use((connection) => pool.exchange(connection, send))),
    begin: (work) => pool.use((connection) => runTransaction(pool, connection, work)),
    savepoint: () => Promise.reject(new Error('a savepoint needs a transaction')),
  };
  return client as unknown as Sql;
}

/** A statement goes out one microtask later: until then drizzle says which shape of rows it wants. */
function statements(send: Send): PostgresClient['unsafe'] {
  return (query, values) => {
    let asArrays = false;
    const exchange = async (sql: Sql): Promise<unknown> => {
      const pending = sql.unsafe(query, values, { prepare: true });
      return asArrays ? pending.values() : pending;
    };
    const rows = Promise.resolve().then(() => send(exchange));
    const pickArrays = () => {
      asArrays = true;
      return rows;
    };
    return Object.assign(rows, { values: pickArrays });
  };
}

async function runTransaction(pool: PostgresPool, connection: PooledConnection, work: Work): Promise<unknown> {
  const send: Send = (statement) => pool.exchange(connection, statement);
  await send((sql) => sql.unsafe('begin'));
  try {
    const result = await work(transactionClient(send));
    await send((sql) => sql.unsafe('commit'));
    return result;
  } catch (error) {
    await send((sql) => sql.unsafe('rollback')).catch(() => pool.discard(connection));
    throw error;
  }
}

function transactionClient(send: Send, depth = 0): PostgresClient {
  const name = `s${depth}`;
  return {
    options: { parsers: {}, serializers: {} },
    unsafe: statements(send),
    begin: () => Promise.reject(new Error('a transaction is open already')),
    savepoint: async (work) => {
      await send((sql) => sql.unsafe(`savepoint ${name}`));
      try {
        const result = await work(transactionClient(send, depth + 1));
        await send((sql) => sql.unsafe(`release savepoint ${name}`));
        return result;
      } catch (error) {
        await send((sql) => sql.unsafe(`rollback to savepoint ${name}`));
        throw error;
      }
    },
  };
}
