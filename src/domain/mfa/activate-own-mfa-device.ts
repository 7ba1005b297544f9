import { z } from 'zod';
import type { Operation, OperationContext } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { mfaDeviceIdField, noSuchDevice } from './mfa-device-changes.ts';
import { addTotp } from './mfa.ts';
import { type BoundDevice, bindOwnDevice, proveBeforeBinding } from './own-binding.ts';
import { codeField, countingCodes, proofFields } from './own-proof.ts';
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
  readonly provedAnew: boolean;
}

/**
 * RAM's second call of two: binds a device, proved by two codes that follow one another, so that a clock which is off shows itself now. Callers
 * prove themselves anew.
 */
export const activateOwnMfaDevice: Operation<ActivationInput, ProvedDevice, BoundDevice> = {
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
    const provedAnew = await proveBeforeBinding(context, input);
    return { ...pending, provedAnew, provedStep: await proveDevice(context, pending.secret, input) };
  },
  perform: (context, { mfaDeviceId }, proved) =>
    bindOwnDevice(context, { ...proved, pendingId: mfaDeviceId }, async () => {
      await addTotp(context, context.caller, proved);
      return mfaDeviceId;
    }),
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
