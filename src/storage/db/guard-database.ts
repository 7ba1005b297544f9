import type { PgSession, PgTransactionConfig } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';
import { toQueryError } from './query-errors.ts';

type PrepareQuery = PgSession['prepareQuery'];
type Work = (transaction: Database) => Promise<unknown>;
type Transact = (work: Work, config?: PgTransactionConfig) => Promise<unknown>;

/**
 * Makes every statement of `db`, of its transactions and of their savepoints reject in our own terms (see `toQueryError`).
 * drizzle has no hook for errors, so the two methods all its statements pass through are shadowed on this one instance.
 */
export function guardDatabase(db: Database): void {
  const session = db._.session;
  const prepareQuery: PrepareQuery = session.prepareQuery.bind(session);
  shadow(session, 'prepareQuery', (...parameters: Parameters<PrepareQuery>) => guardQuery(prepareQuery(...parameters)));
  const transact = db.transaction.bind(db) as Transact;
  shadow(db, 'transaction', (work: Work, config?: PgTransactionConfig) =>
    inOurTerms(() => transact((transaction) => runGuarded(transaction, work), config)),
  );
}

function runGuarded(transaction: Database, work: Work): Promise<unknown> {
  guardDatabase(transaction);
  return work(transaction);
}

function guardQuery(prepared: ReturnType<PrepareQuery>): ReturnType<PrepareQuery> {
  const execute = prepared.execute.bind(prepared);
  shadow(prepared, 'execute', (values?: Record<string, unknown>) => inOurTerms(() => execute(values)));
  return prepared;
}

async function inOurTerms<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toQueryError(error);
  }
}

function shadow<T extends object>(target: T, name: keyof T, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
