import type { Sql } from 'postgres';
import { isOutage } from './query-errors.ts';

/** One connection to the server. It is used by one caller at a time and thrown away at its first fault. */
export interface PooledConnection {
  readonly sql: Sql;
  /** Our own clock, ms. */
  readonly retiresAt: number;
  lost: boolean;
}

export interface PoolLimits {
  readonly maxConnections: number;
  /** How long a caller waits for a connection. */
  readonly maxWaitMs: number;
  /** How long a statement may stay without an answer, connecting included, before the server counts as hung. */
  readonly maxSilenceMs: number;
}

interface Waiter {
  readonly resolve: (connection: PooledConnection) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly code = 'CONNECTION_CLOSED';
}

/**
 * Connections to Postgres, each a client of postgres.js that may open one connection only. Its own pool is not used: it sends
 * the ROLLBACK of a broken transaction down whatever connection took its place, raises uncaught errors when a connection
 * ends within a transaction, and keeps callers waiting through an outage without a bound.
 */
export class PostgresPool {
  readonly #open: (onClose: () => void) => Sql;
  readonly #limits: PoolLimits;
  readonly #idle: PooledConnection[] = [];
  readonly #all = new Set<PooledConnection>();
  readonly #waiting = new Set<Waiter>();
  #closed = false;

  constructor(open: (onClose: () => void) => Sql, limits: PoolLimits) {
    this.#open = open;
    this.#limits = limits;
  }

  /** Runs `work` with a connection of its own. Errors: ConnectionLostError where none gets free in time. */
  async use<T>(work: (connection: PooledConnection) => Promise<T>): Promise<T> {
    const connection = await this.#acquire();
    try {
      return await work(connection);
    } finally {
      this.#release(connection);
    }
  }

  /** Sends one statement. A connection that was lost takes no further one: the server has forgotten its transaction. */
  async exchange<T>(connection: PooledConnection, send: (sql: Sql) => PromiseLike<T>): Promise<T> {
    if (connection.lost) throw new ConnectionLostError('the connection was lost');
    const timer = setTimeout(() => this.discard(connection), this.#limits.maxSilenceMs);
    try {
      return await send(connection.sql);
    } catch (error) {
      if (isOutage(error) && !isStatementTimeout(error)) this.discard(connection);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection now; a statement still waiting on it rejects. */
  discard(connection: PooledConnection): void {
    connection.lost = true;
    if (this.#all.delete(connection)) connection.sql.end({ timeout: 0 }).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting) this.#refuse(waiter, 'the pool is closed');
    await Promise.all([...this.#all].map(({ sql }) => sql.end({ timeout: 5 })));
  }

  #acquire(): Promise<PooledConnection> {
    if (this.#closed) return Promise.reject(new ConnectionLostError('the pool is closed'));
    const connection = this.#takeIdle() ?? (this.#all.size < this.#limits.maxConnections ? this.#connect() : undefined);
    return connection === undefined ? this.#wait() : Promise.resolve(connection);
  }

  /** The one used last: its statements are prepared, and the others may grow old. */
  #takeIdle(): PooledConnection | undefined {
    let connection = this.#idle.pop();
    while (connection?.lost === true) connection = this.#idle.pop();
    return connection;
  }

  #connect(): PooledConnection {
    const retiresAt = Date.now() + (30 + Math.random() * 30) * 60_000;
    const connection: PooledConnection = { sql: this.#open(() => this.discard(connection)), retiresAt, lost: false };
    this.#all.add(connection);
    return connection;
  }

  #wait(): Promise<PooledConnection> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#refuse(waiter, 'no connection got free'), this.#limits.maxWaitMs);
      const waiter: Waiter = { resolve, reject, timer };
      this.#waiting.add(waiter);
    });
  }

  #refuse(waiter: Waiter, why: string): void {
    clearTimeout(waiter.timer);
    this.#waiting.delete(waiter);
    waiter.reject(new ConnectionLostError(why));
  }

  #release(connection: PooledConnection): void {
    if (!connection.lost && Date.now() > connection.retiresAt) this.discard(connection);
    const [waiter] = this.#waiting;
    if (waiter !== undefined) {
      clearTimeout(waiter.timer);
      this.#waiting.delete(waiter);
      waiter.resolve(connection.lost ? this.#connect() : connection);
    } else if (!connection.lost) {
      this.#idle.push(connection);
    }
  }
}

function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '57014' || error.code === '25006');
}
