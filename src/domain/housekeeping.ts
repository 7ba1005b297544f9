import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../storage/db/database.ts';
import { eraseDueAccounts } from './accounts/platform/erase-due-accounts.ts';
import { deleteDueAuditEvents } from './audit/retention.ts';
import { deleteForgottenDevices } from './devices/known-devices-store.ts';
import { deleteExpiredIdempotencyKeys } from './idempotency-keys-store.ts';
import { deleteOldDeliveries } from './logout-deliveries/deliveries-store.ts';

/** Something to be tidied up in small rounds; safe when several processes do it at once. */
export interface Chore {
  readonly name: string;
  /** Does a round of at most so much and answers how much it was; zero when nothing is left. */
  readonly round: (db: Database, limit: number) => Promise<number>;
}

/** What every process does now and then. */
export const chores: readonly Chore[] = [
  { name: 'audit events past their retention', round: deleteDueAuditEvents },
  { name: 'idempotency keys past their time', round: deleteExpiredIdempotencyKeys },
  { name: 'devices not seen for long', round: deleteForgottenDevices },
  { name: 'what deleted accounts held', round: eraseDueAccounts },
  { name: 'logout tokens delivered long ago', round: deleteOldDeliveries },
];

/** Milliseconds, and rows of a round. */
interface Pace {
  readonly firstAfterMs: number;
  readonly everyMs: number;
  /** Between rounds, so that requests get their turn. */
  readonly roundPauseMs: number;
  readonly limit: number;
}

const usualPace: Pace = { firstAfterMs: 60_000, everyMs: 3_600_000, roundPauseMs: 100, limit: 1000 };

interface HousekeepingDeps {
  readonly db: Database;
  /** Told of a chore that failed; the next time makes up for it. */
  readonly onFailure: (error: unknown, choreName: string) => void;
}

/** Processes started together do not tidy up together: each waits up to a tenth longer than it must. */
const jittered = (ms: number): number => ms * (1 + Math.random() / 10);

/** Does all chores now and then for as long as the process runs. Answers how to end it: that resolves when none is under way any more. */
export function keepHouse(deps: HousekeepingDeps, pace: Pace = usualPace, all: readonly Chore[] = chores) {
  const ending = new AbortController();
  const { signal } = ending;
  const keeping = (async () => {
    // Waiting keeps no process alive; being told to end is the one way a pause can fail.
    const wait = (ms: number) => pause(jittered(ms), undefined, { signal, ref: false }).catch(() => undefined);
    await wait(pace.firstAfterMs);
    while (!signal.aborted) {
      for (const chore of all) await doChore(deps, chore, { pace, signal });
      await wait(pace.everyMs);
    }
  })();
  return async (): Promise<void> => {
    ending.abort();
    await keeping;
  };
}

async function doChore(
  { db, onFailure }: HousekeepingDeps,
  { name, round }: Chore,
  { pace, signal }: { readonly pace: Pace; readonly signal: AbortSignal },
): Promise<void> {
  try {
    while (!signal.aborted && (await round(db, pace.limit)) > 0)
      await pause(pace.roundPauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  } catch (error) {
    onFailure(error, name);
  }
}
