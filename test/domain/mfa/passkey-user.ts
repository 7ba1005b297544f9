import { randomBytes } from 'node:crypto';
import { newUserId } from '../../../src/crypto/random-ids.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { insertLoginProfiles } from '../../../src/domain/login-profiles/login-profiles-store.ts';
import type { MfaDeviceView } from '../../../src/domain/mfa/mfa-device-view.ts';
import { listOwnMfaDevices } from '../../../src/domain/mfa/own-mfa-devices.ts';
import { registerOwnPasskey } from '../../../src/domain/mfa/register-own-passkey.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { insertUsers } from '../../../src/domain/users/users-store.ts';
import { createPasskeyProvider, type SoftwareAuthenticator } from '../../support/software-authenticator.ts';
import { callerOf, type Harness } from '../operation-harness.ts';
import { boundTo, creationOptions, requestOptions } from './webauthn/ceremonies.ts';

export const origin = 'https://id.example.com';
export const password = 'Tall-giraffe-under-bridges-7';

/** A user of the portal, signed in with a second factor, who has a password and no device. */
export async function newPortalUser({ deps }: Harness, accountId: string): Promise<Caller> {
  const [userId, userName] = [newUserId(), `u${randomBytes(5).toString('hex')}`];
  await insertUsers(deps.db, [{ userId, accountId, userName, userNameKey: userName, displayName: userName }]);
  const flags = { status: 'active', resetRequired: false, mfaRequired: false, expires: false } as const;
  const passwordHash = await deps.passwordHasher.hash(password);
  await insertLoginProfiles(deps.db, [{ userId, accountId, passwordHash, ...flags }]);
  return { ...callerOf(accountId, userId, userName), via: 'session', mfaPresent: true };
}

/** What the portal performs when its page is posted with the password, unless `input` has another proof. */
export const registerAs = async (
  harness: Harness,
  caller: Caller,
  authenticator: SoftwareAuthenticator = createPasskeyProvider(origin),
  input: Record<string, unknown> = {},
) =>
  await performOperation(harness.deps, caller, registerOwnPasskey, {
    ...{ boundTo, response: authenticator.register(creationOptions(harness, caller)), password },
    ...input,
  });

/** A passkey's answer to a page that asks who is there. */
export const proofBy = async (harness: Harness, caller: Caller, authenticator: SoftwareAuthenticator) => ({
  passkey: { boundTo, response: authenticator.assert(await requestOptions(harness, caller, 'confirm')) },
});

export const devicesOf = async ({ deps }: Harness, caller: Caller): Promise<readonly MfaDeviceView[]> =>
  (await performOperation(deps, caller, listOwnMfaDevices, {})).items;
