import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { takeTry, type ThrottledTry } from './throttle.ts';

/**
 * What the audit log is told of a refused passkey. Nobody can guess one, so no try is refused for those before it: they are counted to keep the log
 * from being flooded. The first of a source are told as they are, then one of a window as `throttled`; undefined: this one is not told.
 */
export async function passkeyRefusalToTell<Reason extends string>(
  store: EphemeralStore,
  { accountId, sourceIp }: Pick<ThrottledTry, 'accountId' | 'sourceIp'>,
  reason: Reason,
): Promise<Reason | 'throttled' | undefined> {
  const uncounted = await takeTry(store, { accountId, userName: '', factor: 'passkey', sourceIp });
  if (uncounted === undefined) return reason;
  return uncounted.isFirst ? 'throttled' : undefined;
}
