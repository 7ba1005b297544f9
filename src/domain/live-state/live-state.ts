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

/** Stands for null in a row; nothing of ours is called so. */
const nothing = '-';

/**
 * One text for each row, because it is read more often than anything else and each column costs time on the way: kind, id, account, revision,
 * epoch, active, user and the user's epoch, none of which holds a blank.
 */
const asText = (...parts: readonly unknown[]) =>
  sql<string>`concat_ws(' ', ${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`.as('principal');

function accessKeyPrincipals(db: Database) {
  const active = sql`${accessKeys.status} = 'active' and ${users.status} = 'active'
    and (${accessKeys.expiresAt} is null or ${accessKeys.expiresAt} > now())`;
  const { accessKeyId, accountId, revision, epoch } = accessKeys;
  return db
    .select({
      principal: asText(sql`'accessKey'`, accessKeyId, accountId, revision, epoch, active, users.userId, users.epoch),
    })
    .from(accessKeys)
    .innerJoin(users, eq(users.userId, accessKeys.userId))
    .where(sql`${accessKeyId} = ${anyOf('accessKey')}`);
}

function prepareQuery(db: Database) {
  const noUser = sql`${sql.raw(`'${nothing}', '${nothing}'`)}`;
  const account = sql`${accounts.status} = 'active'`;
  const user = sql`${users.status} = 'active'`;
  return unionAll(
    db
      .select({
        principal: asText(
          sql`'account'`,
          accounts.accountId,
          accounts.accountId,
          accounts.revision,
          accounts.epoch,
          account,
          noUser,
        ),
      })
      .from(accounts)
      .where(sql`${accounts.accountId} = ${anyOf('account')}`),
    db
      .select({
        principal: asText(sql`'user'`, users.userId, users.accountId, users.revision, users.epoch, user, noUser),
      })
      .from(users)
      .where(sql`${users.userId} = ${anyOf('user')}`),
    db
      .select({
        principal: asText(
          ...[
            sql`'application'`,
            applications.clientId,
            applications.accountId,
            applications.revision,
            applications.epoch,
            sql`true`,
            noUser,
          ],
        ),
      })
      .from(applications)
      .where(sql`${applications.clientId} = ${anyOf('application')}`),
    accessKeyPrincipals(db),
  ).prepare('live_state');
}

function parsePrincipal(text: string): { readonly key: string; readonly principal: LivePrincipal } {
  const [kind = '', id = '', accountId = '', revision, epoch, active, userId = nothing, userEpoch = nothing] =
    text.split(' ');
  const principal = {
    accountId,
    revision: Number(revision),
    epoch: Number(epoch),
    active: active === 't',
    userId: userId === nothing ? null : userId,
    userEpoch: userEpoch === nothing ? null : Number(userEpoch),
  };
  return { key: `${kind}:${id}`, principal };
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
    for (const { principal: text } of rows) {
      const { key, principal } = parsePrincipal(text);
      found.set(key, principal);
    }
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
