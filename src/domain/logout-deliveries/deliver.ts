import type { Database } from '../../storage/db/database.ts';
import {
  type DueDelivery,
  holdBackDeliveries,
  postponeDelivery,
  releaseDeliveries,
  settleDelivery,
} from './deliveries-store.ts';
import { retryDelaySeconds } from './retry-delay.ts';

/** What came of sending a logout token. `error` is a status or a kind of failure, never what the app answered. */
export type SendResult =
  | { readonly outcome: 'delivered' }
  /** `reached`: the app answered, though not as it should; otherwise nothing else will reach it now either. */
  | { readonly outcome: 'refused'; readonly error: string; readonly reached: boolean }
  /** There is nobody to send it to any more. */
  | { readonly outcome: 'pointless'; readonly error: string };

/** How a try ended: `failed` is not tried again. */
export interface Try {
  readonly outcome: 'delivered' | 'postponed' | 'failed';
  readonly delivery: DueDelivery;
  readonly error?: string;
}

export interface DeliverDeps {
  readonly db: Database;
  /** Sends one logout token, made anew at each try. Rejects where that is no fault of the app: it counts as no try then. */
  readonly send: (delivery: DueDelivery) => Promise<SendResult>;
  readonly onTry: (made: Try) => void;
}

/** Deliveries to one app. */
export type Batch = readonly DueDelivery[];

/** Milliseconds after which nothing more of a batch is begun: well before others may take the rest of it up. */
const batchMs = 20_000;

/**
 * Sends deliveries to one app, one after the other. As soon as it cannot be reached the others wait too: a dead app costs one try at a time,
 * however many sessions it had.
 */
export async function deliverBatch(deps: DeliverDeps, batch: Batch, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  for (const [at, delivery] of batch.entries()) {
    const rest = batch.slice(at).map(({ logoutDeliveryId }) => logoutDeliveryId);
    if (signal.aborted || performance.now() - begun > batchMs) return await releaseDeliveries(deps.db, rest);
    if (!(await deliver(deps, delivery, rest.slice(1)))) return;
  }
}

/** Answers whether to go on with the rest. */
async function deliver(
  { db, send, onTry }: DeliverDeps,
  delivery: DueDelivery,
  rest: readonly number[],
): Promise<boolean> {
  const { logoutDeliveryId, clientId, attempts } = delivery;
  const result = await send(delivery);
  if (result.outcome === 'delivered') {
    await settleDelivery(db, logoutDeliveryId, { status: 'delivered', lastError: null });
    onTry({ outcome: 'delivered', delivery });
    return true;
  }
  const { error } = result;
  if (result.outcome === 'pointless') {
    await settleDelivery(db, logoutDeliveryId, { status: 'failed', lastError: error });
    onTry({ outcome: 'failed', delivery, error });
    return true;
  }
  const failure = { lastError: error, seconds: retryDelaySeconds(attempts + 1) };
  const isGivenUp = await postponeDelivery(db, logoutDeliveryId, failure);
  onTry({ outcome: isGivenUp ? 'failed' : 'postponed', delivery, error });
  if (!result.reached) await holdBackDeliveries(db, { clientId, claimed: rest }, failure);
  return result.reached;
}
