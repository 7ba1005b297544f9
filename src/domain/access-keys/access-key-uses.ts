import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../storage/db/database.ts';
import { type AccessKeyUse, noteAccessKeyUses } from './access-keys-store.ts';

/** `oauth2`: the token endpoint and its neighbours; `api`: calls of the management API. */
export type AccessKeyService = 'oauth2' | 'api';

/** The uses of access keys, kept in memory for a while and written together. One per process. */
export interface AccessKeyUses {
  note(accessKeyId: string, service: AccessKeyService): void;
  /** Writes what is still to be written; whatever is noted afterwards is lost. */
  close(): Promise<void>;
}

interface AccessKeyUsesDeps {
  readonly db: Database;
  /** Told when uses could not be written; they are kept for the next time. */
  readonly onFailure: (error: unknown) => void;
  /** How long a use may wait (milliseconds). */
  readonly everyMs?: number;
}

/** Half of what is promised, so that a write that fails once is still in time. */
const usualEveryMs = 30_000;

const batchSize = 500;

/** A key that was not found so often is gone, and not only held by somebody for a moment. */
const mostTries = 3;

const closingPauseMs = 50;

interface Pending extends AccessKeyUse {
  readonly tries: number;
}

/**
 * Collects uses: a token or a call costs no write, a busy key one in half a minute. Between two writes only the latest use of a key is kept, so
 * memory is bounded by the number of keys.
 */
export function collectAccessKeyUses({ db, onFailure, everyMs = usualEveryMs }: AccessKeyUsesDeps): AccessKeyUses {
  const pending = new Map<string, Pending>();
  const ending = new AbortController();

  const flush = async (): Promise<void> => {
    const all = [...pending.values()];
    for (let from = 0; from < all.length; from += batchSize) {
      const batch = all.slice(from, from + batchSize);
      const written = new Set(await noteAccessKeyUses(db, batch));
      for (const use of batch) settle(pending, use, written.has(use.accessKeyId));
    }
  };
  const flushSafely = () => flush().catch(onFailure);

  const writing = (async () => {
    while (!ending.signal.aborted) {
      // Waiting keeps no process alive; being told to end is the one way a pause can fail.
      await pause(everyMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
      await flushSafely();
    }
  })();

  return {
    note: (accessKeyId, service) => {
      pending.set(accessKeyId, { accessKeyId, service, at: new Date(), tries: 0 });
    },
    close: async () => {
      ending.abort();
      await writing;
      for (let attempt = 0; pending.size > 0 && attempt < mostTries; attempt += 1) {
        await pause(closingPauseMs);
        await flushSafely();
      }
    },
  };
}

/** A use noted while the write was under way stays for the next one. */
function settle(pending: Map<string, Pending>, use: Pending, written: boolean): void {
  if (pending.get(use.accessKeyId) !== use) return;
  if (written || use.tries + 1 >= mostTries) pending.delete(use.accessKeyId);
  else pending.set(use.accessKeyId, { ...use, tries: use.tries + 1 });
}
