import { setTimeout as pause } from 'node:timers/promises';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { claimSessionEnding, type SessionEnding } from '../sessions/session-endings-store.ts';
import { workOffEnding } from '../sessions/work-off-ending.ts';
import { type Batch, type DeliverDeps, deliverBatch } from './deliver.ts';
import { claimDeliveries } from './deliveries-store.ts';
import { createLanes } from './lanes.ts';

/** Tells the apps of sessions that have ended, whoever ended them and on whichever process. One per process. */
export interface LogoutWorker {
  /** There may be something to do now. Returns at once. */
  readonly nudge: () => void;
  /** Looks for work now and then too, until it is closed. */
  readonly start: () => void;
  /** Resolves when everything that is due has been tried. */
  readonly settle: () => Promise<void>;
  /** Lets what is under way finish, within seconds; the rest is for others, or for the next start. */
  readonly close: () => Promise<void>;
}

interface LogoutWorkerDeps extends DeliverDeps {
  readonly ephemeral: EphemeralStore;
  /** Told of what could not be looked for or worked off; it is made up for. */
  readonly onFailure: (error: unknown) => void;
}

/** Of one process. */
const [endingLanes, wholeAccountLanes, deliveryLanes, batchSize] = [4, 2, 8, 50];

/** Of the delivery lanes one account holds two at most, and one where half of them are taken: apps that hang leave those of others room. */
const lanesOfOneAccount = (taken: number): number => (taken < deliveryLanes / 2 ? 2 : 1);

/** Nudges that come together are one. */
const nudgeMs = 20;

const idleMs = 2000;

/** Processes started together do not look together. */
const jittered = (ms: number): number => ms * (1 + Math.random() / 2);

const isWholeAccount = ({ userId }: SessionEnding): boolean => userId === null;

export function createLogoutWorker(deps: LogoutWorkerDeps): LogoutWorker {
  const { db, onFailure } = deps;
  const ending = new AbortController();
  const deliveries = createLanes<Batch>({
    width: deliveryLanes,
    claim: async (underWay) => {
      const batch = await claimDeliveries(db, { ...takenUp(underWay), limit: batchSize });
      return batch.length === 0 ? undefined : batch;
    },
    work: (batch, signal) => deliverBatch(deps, batch, signal),
    onFailure,
  });
  const endings = createLanes<SessionEnding>({
    width: endingLanes,
    claim: (underWay) =>
      claimSessionEnding(db, { wholeAccounts: underWay.filter(isWholeAccount).length < wholeAccountLanes }),
    work: async (order, signal) => {
      await workOffEnding(deps, order, signal);
      deliveries.look();
    },
    onFailure,
  });
  const look = (): void => {
    endings.look();
    deliveries.look();
  };
  const lookNowAndThen = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      look();
      // Waiting keeps no process alive; being told to end is the one way a pause can fail.
      await pause(jittered(idleMs), undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
    }
  };
  return {
    nudge: together(look),
    start: () => void lookNowAndThen(),
    settle: async () => {
      await endings.settle();
      await deliveries.settle();
    },
    close: async () => {
      ending.abort();
      await Promise.all([endings.close(), deliveries.close()]);
    },
  };
}

/** Apps that are being told, and accounts that have their share of the lanes. */
function takenUp(underWay: readonly Batch[]) {
  const apps = underWay.flatMap(([first]) => (first === undefined ? [] : [first]));
  const lanesOf = Map.groupBy(apps, ({ accountId }) => accountId);
  return {
    exceptClients: apps.map(({ clientId }) => clientId),
    exceptAccounts: [...lanesOf].flatMap(([accountId, lanes]) =>
      lanes.length < lanesOfOneAccount(apps.length) ? [] : [accountId],
    ),
  };
}

/** Makes of calls that come together one, a moment later. */
function together(act: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      act();
    }, nudgeMs).unref();
  };
}
