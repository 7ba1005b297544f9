import { open, seal, type SealedPlace } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { newPrefixedId } from '../../crypto/random-ids.ts';
import type { Database } from '../../storage/db/database.ts';
import {
  claimRecoveryCode,
  claimTotpStep,
  insertMfaDevice,
  listMfaDevices,
  type MfaDeviceRow,
  replaceRecoveryCodes,
} from './mfa-store.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { matchTotpStep } from './totp.ts';

interface MfaDeps {
  readonly db: Database;
  readonly keyRing: KeyRing;
}

interface UserRef {
  readonly accountId: string;
  readonly userId: string;
}

const seedPlace = (accountId: string, mfaDeviceId: string): SealedPlace => ({
  accountId,
  row: mfaDeviceId,
  column: 'mfa_devices.secret_sealed',
});

interface PresentedCode {
  readonly code: string;
  readonly nowSeconds: number;
  /** The user's devices, where they were read already. */
  readonly devices?: readonly MfaDeviceRow[] | undefined;
}

/**
 * Whether a code of one of the user's authenticator apps is right; if so its time step is used up, for this device, for ever, whoever
 * else presents it at the same moment (RFC 6238 section 5.2).
 */
export async function verifyTotp(
  { db, keyRing }: MfaDeps,
  { accountId, userId }: UserRef,
  { code, nowSeconds, devices }: PresentedCode,
): Promise<boolean> {
  for (const device of devices ?? (await listMfaDevices(db, userId))) {
    if (device.secretSealed === null) continue;
    const secret = open(keyRing, device.secretSealed, seedPlace(accountId, device.mfaDeviceId));
    const step = await matchTotpStep(secret, code, { lastUsedStep: device.lastUsedStep, nowSeconds });
    if (step !== undefined && (await claimTotpStep(db, device.mfaDeviceId, step))) return true;
  }
  return false;
}

/** Whether a recovery code is one of the user's unused ones; if so it is used up. */
export const verifyRecoveryCode = async (
  { db }: Pick<MfaDeps, 'db'>,
  { userId }: UserRef,
  code: string,
): Promise<boolean> => await claimRecoveryCode(db, userId, hashRecoveryCode(code));

/** An app whose code was just proved at `provedStep`, which is used up with it. */
interface ProvedAuthenticator {
  readonly secret: string;
  readonly provedStep: number;
  readonly mfaDeviceId?: string;
  readonly name?: string;
}

export const defaultDeviceName = 'Authenticator app';

/**
 * Binds an authenticator app and replaces the recovery codes. Answers the new codes, to be shown once. Runs in the caller's transaction.
 */
export async function bindTotp(deps: MfaDeps, user: UserRef, authenticator: ProvedAuthenticator): Promise<string[]> {
  await addTotp(deps, user, authenticator);
  return await renewRecoveryCodes(deps, user);
}

/** Binds an authenticator app beside others; recovery codes stay. Runs in the caller's transaction. */
export async function addTotp(
  { db, keyRing }: MfaDeps,
  { accountId, userId }: UserRef,
  { secret, provedStep, mfaDeviceId = newPrefixedId('mfa'), name = defaultDeviceName }: ProvedAuthenticator,
): Promise<void> {
  await insertMfaDevice(db, {
    mfaDeviceId,
    accountId,
    userId,
    type: 'totp',
    name,
    secretSealed: seal(keyRing, secret, seedPlace(accountId, mfaDeviceId)),
    lastUsedStep: provedStep,
  });
}

/** Replaces the recovery codes, used or not. Answers the new ones, to be shown once. Runs in the caller's transaction. */
export async function renewRecoveryCodes(
  { db }: Pick<MfaDeps, 'db'>,
  { accountId, userId }: UserRef,
): Promise<string[]> {
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(
    db,
    userId,
    codes.map((code) => ({ recoveryCodeId: newPrefixedId('rc'), accountId, userId, codeHash: hashRecoveryCode(code) })),
  );
  return codes;
}
