import { eq, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { users } from '../../storage/db/schema/users.ts';

/** Whom a request may rest on. */
export type PrincipalKind = 'account' | 'user' | 'application' | 'accessKey';

/** What is true of a principal now. Absent ones do not exist (any more). */
export interface LivePrincipal {
  readonly accountId: string;
  /** Rises with every change of the row: a copy in memory is good while this is the same. */
  readonly revision: number;
  /** Carried by every artefact: one with another epoch is dead. */
  readonly epoch: number;
  readonly active: boolean;
  /** Access keys: the user they act as, and that user's epoch. */
  readonly userId: string | null;
  readonly userEpoch: number | null;
}

/**
 * Reads the present state of principals, from the database, at each request: this is what lets removals hold on every process
 * before the call that makes them answers. Requests that arrive together share one query, so under load its cost
 * is spread over many of them.
 */
export interface LiveState {
  /** Answers what was true at some moment after the call. Rejects with `StoreUnavailableError` when the database is away. */
  read(kind: PrincipalKind, id: string): Promise<LivePrincipal | undefined>;
}

/** Ids of ours have no other characters; anything else asked for cannot exist. */
const idPattern = /^[A-Za-z0-9_]{1,64}$/;

const anyOf = (name: PrincipalKind) => sql`any(string_to_array(${sql.placeholder(name)}, ','))`;
const count = (column: unknown) =>
  sql<number | null>`${column}`.mapWith((value) => (value === null ? null : Number(value)));

function prepareQuery(db: Database) {
  const none = sql<string | null>`null::text`;
  const noEpoch = count(sql`null::bigint`);
  return unionAll(
    db
      .select({
        kind: sql<PrincipalKind>`'account'`.as('kind'),
        id: sql<string>`${accounts.accountId}`.as('id'),
        accountId: accounts.accountId,
        revision: accounts.revision,
        epoch: accounts.epoch,
        active: sql<boolean>`${accounts.status} = 'active'`.as('active'),
        userId: none.as('user_id'),
        userEpoch: noEpoch.as('user_epoch'),
      })
      .from(accounts)
      .where(sql`${accounts.accountId} = ${anyOf('account')}`),
    db
      .select({
        kind: sql<PrincipalKind>`'user'`.as('kind'),
        id: sql<string>`${users.userId}`.as('id'),
        accountId: users.accountId,
        revision: users.revision,
        epoch: users.epoch,
        active: sql<boolean>`${users.status} = 'active'`.as('active'),
        userId: none.as('user_id'),
        userEpoch: noEpoch.as('user_epoch'),
      })
      .from(users)
      .where(sql`${users.userId} = ${anyOf('user')}`),
    db
      .select({
        kind: sql<PrincipalKind>`'application'`.as('kind'),
        id: sql<string>`${applications.clientId}`.as('id'),
        accountId: applications.accountId,
        revision: applications.revision,
        epoch: applications.epoch,
        active: sql<boolean>`true`.as('active'),
        userId: none.as('user_id'),
        userEpoch: noEpoch.as('user_epoch'),
      })
      .from(applications)
      .where(sql`${applications.clientId} = ${anyOf('application')}`),
    db
      .select({
        kind: sql<PrincipalKind>`'accessKey'`.as('kind'),
        id: sql<string>`${accessKeys.accessKeyId}`.as('id'),
        accountId: accessKeys.accountId,
        revision: accessKeys.revision,
        epoch: accessKeys.epoch,
        active: sql<boolean>`${accessKeys.status} = 'active' and ${users.status} = 'active'
          and (${accessKeys.expiresAt} is null or ${accessKeys.expiresAt} > now())`.as('active'),
        userId: sql<string | null>`${accessKeys.userId}`.as('user_id'),
        userEpoch: count(users.epoch).as('user_epoch'),
      })
      .from(accessKeys)
      .innerJoin(users, eq(users.userId, accessKeys.userId))
      .where(sql`${accessKeys.accessKeyId} = ${anyOf('accessKey')}`),
  ).prepare('live_state');
}

interface Waiting {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly resolve: (principal: LivePrincipal | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** The database may be busy with this many shared queries of one process at a time; requests in between wait for the next. */
const maxQueriesInFlight = 1;

/** Makes the reader. One per process. */
export function createLiveState(db: Database): LiveState {
  const query = prepareQuery(db);
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let scheduled = false;

  const run = async (batch: readonly Waiting[]): Promise<void> => {
    const idsOf = (kind: PrincipalKind) =>
      [...new Set(batch.filter((one) => one.kind === kind).map(({ id }) => id))].join(',');
    const found = new Map<string, LivePrincipal>();
    const rows = await query.execute({
      account: idsOf('account'),
      user: idsOf('user'),
      application: idsOf('application'),
      accessKey: idsOf('accessKey'),
    });
    for (const row of rows) found.set(`${row.kind}:${row.id}`, row);
    for (const { kind, id, resolve } of batch) resolve(found.get(`${kind}:${id}`));
  };
  const flush = (): void => {
    scheduled = false;
    if (waiting.length === 0 || inFlight >= maxQueriesInFlight) return;
    const batch = waiting;
    waiting = [];
    inFlight += 1;
    run(batch)
      .catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      })
      .finally(() => {
        inFlight -= 1;
        flush();
      });
  };

  return {
    read: (kind, id) => {
      if (!idPattern.test(id)) return Promise.resolve(undefined);
      return new Promise((resolve, reject) => {
        waiting.push({ kind, id, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        // After the current round of I/O callbacks: requests read from their sockets together are asked for together.
        setImmediate(flush);
      });
    },
  };
}
