import { DrizzleQueryError } from 'drizzle-orm/errors';
import { StoreUnavailableError } from '../store-unavailable-error.ts';
import { findCause } from './violations.ts';

/** What Node's sockets, the Postgres client and PGlite report when the server was not reached. */
const outageCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  // query_canceled: the statement ran into our own time limit.
  '57014',
  // read_only_sql_transaction: after a failover we still talk to the former primary.
  '25006',
]);

/** SQLSTATE classes 08 connection exception, 53 insufficient resources, 57P operator intervention (PostgreSQL, appendix A). */
const outageClass = /^(08|53|57P)/;

/**
 * deadlock_detected and serialization_failure: the database let another transaction go first and undid this one. Nothing was
 * decided and trying again can help, yet the connection is as good as ever.
 */
const retryableCodes: ReadonlySet<unknown> = new Set(['40P01', '40001']);

const isRetryable = (error: unknown): boolean => findCause(error, ({ code }) => retryableCodes.has(code)) !== undefined;

/** The server was not reached or could not serve, as opposed to refusing what was asked. */
export function isOutage(error: unknown): boolean {
  const hit = findCause(
    error,
    ({ code }) => typeof code === 'string' && (outageCodes.has(code) || outageClass.test(code)),
  );
  return hit !== undefined || (error instanceof Error && error.message === 'PGlite is closed');
}

/**
 * An outage, or a transaction undone for another's sake, becomes a StoreUnavailableError; every other error stays what it is, but loses the values of the statement: they
 * hold password hashes and sealed keys, and errors end in logs.
 */
export function toQueryError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError) return error;
  const driverError = error instanceof DrizzleQueryError ? error.cause : error;
  stripValues(driverError);
  if (isOutage(driverError) || isRetryable(driverError)) return new StoreUnavailableError('database', driverError);
  return error instanceof DrizzleQueryError ? new DrizzleQueryError(error.query, [], error.cause) : error;
}

/** `detail` and `where` quote whole rows; PGlite also attaches the parameters. */
function stripValues(error: unknown): void {
  if (!(error instanceof Error)) return;
  for (const name of ['detail', 'where', 'params', 'parameters', 'args', 'query']) {
    if (Object.getOwnPropertyDescriptor(error, name)?.configurable === true) Reflect.deleteProperty(error, name);
  }
}
