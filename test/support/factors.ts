import { addTotp } from '../../src/domain/mfa/mfa.ts';
import { newTotpSecret } from '../../src/domain/mfa/totp.ts';
import { bindCredential, registrationOptions, verifyRegistration } from '../../src/domain/mfa/webauthn/registration.ts';
import { type AuthenticatorApp, createAuthenticatorApp } from './authenticator-app.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';
import type { TestAccount, TestUser } from './test-account.ts';
import type { TestServer } from './test-server.ts';

type AccountOfUser = Pick<TestAccount, 'accountId'>;

/** Gives a user a passkey or security key of an authenticator, beside whatever they have; sessions stay. */
export async function givePasskey(
  { backend, config: { publicUrl } }: Pick<TestServer, 'backend' | 'config'>,
  { accountId }: AccountOfUser,
  { userId, userName }: TestUser,
  authenticator: SoftwareAuthenticator,
): Promise<void> {
  const deps = { ...backend, publicUrl };
  const boundTo = `test:${userId}`;
  const user = { accountId, userId, principal: userName, displayName: userName };
  const response = authenticator.register(registrationOptions(deps, { boundTo, user, devices: [] }));
  const verdict = await verifyRegistration(deps, { boundTo, user, response });
  if (verdict.outcome !== 'verified') throw new Error(`not registered: ${verdict.reason}`);
  await bindCredential(backend.db, user, verdict.credential);
}

/** Gives a user an authenticator app, beside whatever they have; sessions stay. */
export async function giveAuthenticatorApp(
  { backend }: Pick<TestServer, 'backend'>,
  { accountId }: AccountOfUser,
  { userId }: TestUser,
): Promise<AuthenticatorApp> {
  const secret = newTotpSecret();
  await addTotp(backend, { accountId, userId }, { secret, provedStep: 0 });
  return createAuthenticatorApp(secret);
}
