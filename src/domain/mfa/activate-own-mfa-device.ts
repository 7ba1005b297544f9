import { z } from 'zod';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { lockUser } from '../users/users-store.ts';
import { mfaDeviceIdField, noSuchDevice } from './mfa-device-changes.ts';
import { type MfaDeviceView, viewMfaDevice } from './mfa-device-view.ts';
import { addTotp, bindTotp } from './mfa.ts';
import { countMfaDevices, listMfaDevices } from './mfa-store.ts';
import { codeField, countingCodes, proofFields, proveAnew } from './own-proof.ts';
import { findPendingDevice, forgetPendingDevice, type PendingDevice } from './pending-devices.ts';
import { matchTotpStep } from './totp.ts';

const activationInput = z.strictObject({
  mfaDeviceId: mfaDeviceIdField,
  authenticationCode1: codeField,
  authenticationCode2: codeField,
  ...proofFields,
});

type ActivationInput = z.infer<typeof activationInput>;

interface ProvedDevice extends PendingDevice {
  readonly provedStep: number;
  /** Whether the caller had a device already, and so proved themselves anew. */
  readonly provedAnew: boolean;
}

export interface ActivatedDevice {
  readonly device: MfaDeviceView;
  /** Made with the first device; they stay when others come. */
  readonly recoveryCodes?: readonly string[] | undefined;
}

/**
 * RAM's second call of two: binds a device, proved by two codes that follow one another, so that a clock which is off shows itself now. Whoever
 * has a device already proves themselves anew: a stolen token must not gain a factor of its own beside theirs.
 */
export const activateOwnMfaDevice: Operation<ActivationInput, ProvedDevice, ActivatedDevice> = {
  name: 'ActivateOwnMFADevice',
  action: 'ram:BindMFADevice',
  effect: 'change',
  selfService: 'allowUserToManageMFADevices',
  input: activationInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  auditDetails: ({ mfaDeviceId }) => ({ mfaDeviceId, type: 'totp' }),
  prepare: async (context, input) => {
    const pending = await findPendingDevice(context, context.caller, input.mfaDeviceId);
    if (pending === undefined) throw noSuchDevice();
    const provedAnew = (await countMfaDevices(context.db, context.caller.userId)) > 0;
    if (provedAnew) await proveAnew(context, input);
    return { ...pending, provedAnew, provedStep: await proveDevice(context, pending.secret, input) };
  },
  perform: bind,
  // Bound once it is bound, whether or not this is reached.
  afterwards: (context, { mfaDeviceId }) => forgetPendingDevice(context, context.caller, mfaDeviceId),
};

/** Answers the step of the second code. */
async function proveDevice(
  context: OperationContext,
  secret: string,
  { authenticationCode1, authenticationCode2 }: ActivationInput,
): Promise<number> {
  const proved = { step: 0 };
  await countingCodes(context, async () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const first = await matchTotpStep(secret, authenticationCode1, { lastUsedStep: 0, nowSeconds });
    if (first === undefined) return false;
    const second = await matchTotpStep(secret, authenticationCode2, { lastUsedStep: first, nowSeconds });
    proved.step = second ?? 0;
    return second === first + 1;
  });
  return proved.step;
}

async function bind(context: OperationContext, input: ActivationInput, proved: ProvedDevice): Promise<ActivatedDevice> {
  const { db, caller } = context;
  const user = await lockUser(db, caller.accountId, { userId: caller.userId });
  if (user === undefined) throw noSuchUser();
  const devices = await listMfaDevices(db, user.userId);
  // The user's row is locked, so of racing callers one binds it and the others find it bound.
  if (devices.some(({ mfaDeviceId }) => mfaDeviceId === input.mfaDeviceId)) throw noSuchDevice();
  const { mfaDevicesPerUserQuota: most } = await loadQuotas(db, caller.accountId);
  if (devices.length >= most)
    throw new AppError('LimitExceeded.User.MFADevice', `A user has at most ${most} MFA devices.`);
  // Somebody may have bound the first one since we asked for no proof.
  if (devices.length > 0 && !proved.provedAnew)
    throw new AppError('PreconditionFailed', 'Another device was bound meanwhile; try again with a proof.');
  const recoveryCodes = devices.length === 0 ? await bindTotp(context, user, proved) : undefined;
  if (recoveryCodes === undefined) await addTotp(context, user, proved);
  const device = (await listMfaDevices(db, user.userId)).find(({ mfaDeviceId }) => mfaDeviceId === input.mfaDeviceId);
  if (device === undefined) throw new Error('a device just bound did not come back');
  return { device: viewMfaDevice(device), recoveryCodes };
}
