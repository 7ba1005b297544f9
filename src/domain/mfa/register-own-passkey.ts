import { z } from 'zod';
import { invalidParameter } from '../input-faults.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { deviceNameField } from './mfa-device-changes.ts';
import { type BoundDevice, bindOwnDevice, proveBeforeBinding } from './own-binding.ts';
import { postedFields, proofFields } from './own-proof.ts';
import { addCredential, type NewCredential, verifyRegistration } from './webauthn/registration.ts';

const registrationInput = z.strictObject({ name: deviceNameField.optional(), ...postedFields, ...proofFields });

type RegistrationInput = z.infer<typeof registrationInput>;

interface ProvedCredential {
  readonly credential: NewCredential;
  readonly provedAnew: boolean;
}

/**
 * Binds a passkey or a security key that the caller's browser has just made. Like RAM's this is for browsers alone: the challenge that it answers
 * is made for a page. Callers prove themselves anew; that comes first, so that a wrong proof does not use the credential up.
 */
export const registerOwnPasskey: Operation<RegistrationInput, ProvedCredential, BoundDevice> = {
  name: 'RegisterOwnPasskey',
  action: 'ram:BindMFADevice',
  effect: 'change',
  selfService: 'allowUserToManageMFADevices',
  input: registrationInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  auditDetails: (_input, { device: { mfaDeviceId, type } }) => ({ mfaDeviceId, type }),
  prepare: async (context, input) => {
    const provedAnew = await proveBeforeBinding(context, input);
    return { provedAnew, credential: await verifiedCredential(context, input) };
  },
  perform: (context, { name }, { credential, provedAnew }) =>
    bindOwnDevice(context, { provedAnew }, () => addCredential(context.db, context.caller, credential, name)),
};

async function verifiedCredential(
  context: OperationContext,
  { response, boundTo }: RegistrationInput,
): Promise<NewCredential> {
  const { accountId, userId } = context.caller;
  const verdict = await verifyRegistration(context, { response, boundTo, user: { accountId, userId } });
  if (verdict.outcome === 'verified') return verdict.credential;
  const detail =
    verdict.reason === 'stale' || verdict.reason === 'spent'
      ? 'The page was open for too long, or was sent before; open it anew.'
      : 'This passkey or security key could not be verified.';
  throw invalidParameter([{ pointer: '/response', code: 'InvalidParameter.Response.Value', detail }]);
}
