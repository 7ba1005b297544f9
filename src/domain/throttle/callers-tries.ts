import { loadPasswordPolicy } from '../accounts/password-policy.ts';
import { findKnownDevice } from '../devices/known-devices-store.ts';
import type { OperationContext } from '../operation.ts';
import type { Factor } from './limits.ts';
import { requireTry } from './require-try.ts';
import type { ThrottledTry } from './throttle.ts';

/** A caller's try at a secret of their own. It counts with those at the logon page; in a browser they are known in, on its own. */
export async function triesOfCaller(
  { db, caller }: Pick<OperationContext, 'db' | 'caller'>,
  factor: Factor,
): Promise<ThrottledTry> {
  const { accountId, userId, userName, sourceIp = '', deviceTokenHashes: tokenHashes = [] } = caller;
  const device = tokenHashes.length === 0 ? undefined : await findKnownDevice(db, { userId, tokenHashes });
  return { accountId, userName, factor, sourceIp, knownDevice: device?.knownDeviceId };
}

/** Counts a caller's try at their own password before it is evaluated. Throws `Throttling`. */
export async function takeOwnPasswordTry(
  context: Pick<OperationContext, 'db' | 'ephemeral' | 'caller'>,
): Promise<ThrottledTry> {
  const { maxLoginAttemps } = await loadPasswordPolicy(context.db, context.caller.accountId);
  const counted = { ...(await triesOfCaller(context, 'password')), triesPerHour: maxLoginAttemps };
  await requireTry(context.ephemeral, counted);
  return counted;
}
