import { findIssuer } from '../../../src/domain/accounts/accounts-store.ts';
import type { OperationDeps } from '../../../src/domain/operation.ts';
import type { Database } from '../../../src/storage/db/database.ts';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { openSqlEphemeralStore } from '../../../src/storage/ephemeral/sql.ts';
import { type ApiServer, openApiServer } from '../../web/api/api-server.ts';

/** A management API whose database can be put back to what it was, so that many attempts start from one and the same world. */
export interface RewindableServer extends ApiServer {
  /** Undoes whatever is done in `act`, over HTTP or beside it. Can be nested. */
  readonly rewound: <T>(act: () => Promise<T>) => Promise<T>;
}

/** What requests use at the moment: the database, or a transaction that will be undone. */
interface Present {
  db: Database;
  ephemeral: EphemeralStore;
}

export async function openRewindableServer(): Promise<RewindableServer> {
  const opened: { present?: Present } = {};
  const present = (): Present => {
    if (opened.present === undefined) throw new Error('the server is not open');
    return opened.present;
  };
  const switching = <Deps extends OperationDeps>(deps: Deps): Deps =>
    Object.defineProperties(
      { ...deps },
      {
        db: { get: () => present().db, enumerable: true },
        ephemeral: { value: followingEphemeral(present), enumerable: true },
      },
    );
  const server = await openApiServer((deps) => {
    opened.present = { db: deps.db, ephemeral: deps.ephemeral };
    const isIssuer = async (alias: string) => (await findIssuer(present().db, alias)) !== undefined;
    return switching({ ...deps, isIssuer, requestsPerMinute: 1_000_000 });
  });
  return {
    ...server,
    harness: { ...server.harness, deps: switching(server.harness.deps) },
    rewound: (act) => rewound(opened, present().db, act),
  };
}

/** Some hold on to the store from the start: they get one that follows. */
const followingEphemeral = (present: () => Present): EphemeralStore =>
  new Proxy({} as EphemeralStore, { get: (_target, name) => Reflect.get(present().ephemeral, name) as unknown });

async function rewound<T>(opened: { present?: Present }, db: Database, act: () => Promise<T>): Promise<T> {
  const before = opened.present;
  const result: { value?: { of: T } } = {};
  const undo = new Error('to be undone');
  try {
    await db.transaction(async (tx) => {
      opened.present = { db: tx, ephemeral: openSqlEphemeralStore({ db: tx }) };
      result.value = { of: await act() };
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  } finally {
    if (before !== undefined) opened.present = before;
  }
  if (result.value === undefined) throw new Error('what was undone answered nothing');
  return result.value.of;
}
