import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { AppError } from '../app-error.ts';
import { takeTry, type ThrottledTry } from './throttle.ts';

/** Counts a try before it is evaluated. Throws `Throttling`, with the seconds to wait, for one that is not to be. */
export async function requireTry(store: EphemeralStore, attempt: ThrottledTry): Promise<void> {
  const refused = await takeTry(store, attempt);
  if (refused !== undefined)
    throw new AppError('Throttling', 'Too many tries; wait a while.', { retryAfterSeconds: refused.waitSeconds });
}
