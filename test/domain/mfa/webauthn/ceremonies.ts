import { eq } from 'drizzle-orm';
import type { Caller } from '../../../../src/domain/caller.ts';
import { listMfaDevices, type MfaDeviceRow } from '../../../../src/domain/mfa/mfa-store.ts';
import { assertionOptions, verifyAssertion } from '../../../../src/domain/mfa/webauthn/assertion.ts';
import {
  addCredential,
  type RegisteringUser,
  registrationOptions,
  verifyRegistration,
} from '../../../../src/domain/mfa/webauthn/registration.ts';
import type { Ceremony } from '../../../../src/domain/mfa/webauthn/relying-party.ts';
import { mfaDevices } from '../../../../src/storage/db/schema/mfa-devices.ts';
import type {
  AssertionTweaks,
  RegistrationTweaks,
  SoftwareAuthenticator,
} from '../../../support/software-authenticator.ts';
import type { Harness } from '../../operation-harness.ts';

export const boundTo = 'acme:uid-1';

export const registering = ({ accountId, userId, userName }: Caller): RegisteringUser => ({
  ...{ accountId, userId },
  principal: `${userName}@acme`,
  displayName: userName,
});

/** What a page of the user's would say to a browser that is to make a credential. */
export const creationOptions = ({ deps }: Harness, user: Caller, devices: readonly MfaDeviceRow[] = []): object =>
  registrationOptions(deps, { boundTo, user: registering(user), devices });

/** Has an authenticator make a credential, and verifies it. */
export const register = (
  harness: Harness,
  user: Caller,
  authenticator: SoftwareAuthenticator,
  tweaks: RegistrationTweaks = {},
) =>
  verifyRegistration(harness.deps, {
    boundTo,
    user,
    response: authenticator.register(creationOptions(harness, user), tweaks),
  });

/** Binds a new credential to a user; answers its row. */
export async function bindNew(
  harness: Harness,
  user: Caller,
  authenticator: SoftwareAuthenticator,
  tweaks: RegistrationTweaks = {},
): Promise<MfaDeviceRow> {
  const verdict = await register(harness, user, authenticator, tweaks);
  if (verdict.outcome !== 'verified') throw new Error(`not registered: ${verdict.reason}`);
  const mfaDeviceId = await addCredential(harness.deps.db, user, verdict.credential, 'Test');
  return await deviceRow(harness, mfaDeviceId);
}

export async function deviceRow({ deps }: Harness, mfaDeviceId: string): Promise<MfaDeviceRow> {
  const [row] = await deps.db.select().from(mfaDevices).where(eq(mfaDevices.mfaDeviceId, mfaDeviceId));
  if (row === undefined) throw new Error('no such device');
  return row;
}

/** What a page would say to a browser that is to answer for a user. */
export async function requestOptions(harness: Harness, user: Caller, ceremony: Ceremony): Promise<object> {
  const devices = await listMfaDevices(harness.deps.db, user.userId);
  return assertionOptions(harness.deps, { ceremony, boundTo, devices });
}

/** Posts what an authenticator answered. */
export const verify = (harness: Harness, user: Caller, ceremony: Ceremony, response: string) =>
  verifyAssertion(harness.deps, {
    ...{ ceremony, boundTo, response },
    accountId: user.accountId,
    ...(ceremony === 'logon' ? {} : { userId: user.userId }),
  });

/** Has an authenticator answer for a user, and verifies it. */
export const assert = async (
  harness: Harness,
  user: Caller,
  { ceremony, authenticator }: { readonly ceremony: Ceremony; readonly authenticator: SoftwareAuthenticator },
  tweaks: AssertionTweaks = {},
) => verify(harness, user, ceremony, authenticator.assert(await requestOptions(harness, user, ceremony), tweaks));
