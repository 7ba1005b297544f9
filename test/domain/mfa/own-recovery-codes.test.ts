import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { bindTotp, verifyRecoveryCode } from '../../../src/domain/mfa/mfa.ts';
import { deleteMfa } from '../../../src/domain/mfa/mfa-store.ts';
import { createOwnRecoveryCodes, getOwnRecoveryCodes } from '../../../src/domain/mfa/own-recovery-codes.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createPasskeyProvider } from '../../support/software-authenticator.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';
import { newPortalUser, origin, password, proofBy, registerAs } from './passkey-user.ts';

let harness: Harness;
let account: TestAccount;
let user: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  user = await newPortalUser(harness, account.accountId);
});

const count = (caller: Caller = user) => performOperation(harness.deps, caller, getOwnRecoveryCodes, {});
const renew = (proof: Record<string, unknown> = { password }, caller: Caller = user) =>
  performOperation(harness.deps, caller, createOwnRecoveryCodes, proof);
const bind = () => bindTotp(harness.deps, user, { secret: newTotpSecret(), provedStep: 1 });
const isGood = (code: string | undefined, whose: Caller = user) => verifyRecoveryCode(harness.deps, whose, code ?? '');
const epoch = async () => (await userRow(harness.deps.db, account.accountId, user.userName))?.epoch;

describe('counting recovery codes', () => {
  const none = { total: 0, unused: 0, createdAt: null };

  it('tells how many there are and how many are left, and nothing of anybody else’s', async () => {
    expect(await count()).toEqual(none);
    const [first, second] = await bind();
    const { createdAt, ...fresh } = await count();
    expect(fresh).toEqual({ total: 10, unused: 10 });
    expect(Math.abs((createdAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    await isGood(first);
    await isGood(second);
    expect(await count()).toEqual({ total: 10, unused: 8, createdAt });
    expect(await count(account.admin)).toEqual(none);
  });

  it('tells of none once there is no device', async () => {
    await bind();
    await deleteMfa(harness.deps.db, user.userId);
    expect(await count()).toEqual(none);
  });

  it('is open to users who may not manage their devices', async () => {
    await bind();
    const securityPreferences = { allowUserToManageMFADevices: false };
    await saveAccountSettings(harness.deps.db, account.accountId, { securityPreferences });
    expect(await count()).toMatchObject({ total: 10 });
    expect((await refusal(renew())).code).toBe('NoPermission');
    expect(await count()).toMatchObject({ total: 10, unused: 10 });
  });
});

describe('new recovery codes', () => {
  it('replace the old ones, used or not; sessions go on, and the log says so', async () => {
    const old = await bind();
    await isGood(old[0]);
    const before = await epoch();
    const { recoveryCodes } = await renew();
    expect(new Set([...recoveryCodes, ...old]).size).toBe(20);
    expect(await count()).toMatchObject({ total: 10, unused: 10 });
    expect([await isGood(old[1]), await isGood(recoveryCodes[0]), await isGood(recoveryCodes[0])]).toEqual([
      ...[false, true, false],
    ]);
    expect(await epoch()).toBe(before);
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events).toMatchObject([{ action: 'ram:CreateRecoveryCodes', outcome: 'success', details: {} }]);
    for (const code of recoveryCodes) expect(JSON.stringify(events)).not.toContain(code);
  });

  it('take a passkey as the proof', async () => {
    const passkey = createPasskeyProvider(origin);
    const { recoveryCodes: old = [] } = await registerAs(harness, user, passkey);
    await renew(await proofBy(harness, user, passkey), { ...user, mfaPresent: false });
    expect(await isGood(old[0])).toBe(false);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, 'InvalidParameter'],
    ['a wrong password', { password: 'wrong' }, 'InvalidOldPassword'],
    ['a wrong code', { code: '000000' }, 'CheckAuthenticationCodeFail'],
    ['a recovery code', { recoveryCode: 'x' }, 'InvalidParameter'],
  ])('are refused with %s as the proof, and the old ones stay', async (_what, proof, code) => {
    const [old] = await bind();
    expect((await refusal(renew(proof))).code).toBe(code);
    expect(await isGood(old)).toBe(true);
  });

  it('are refused to who came with the password alone, and says it again', async () => {
    const [old] = await bind();
    const refused = await refusal(renew({ password }, { ...user, mfaPresent: false }));
    expect(refused.faults).toMatchObject([{ code: 'MissingParameter.Code' }]);
    expect(await isGood(old)).toBe(true);
  });

  it('are not made where there is no device that they could stand in for', async () => {
    expect((await refusal(renew())).code).toBe('EntityNotExist.User.MFADevice');
    expect(await count()).toMatchObject({ total: 0 });
  });

  it('made five times at once leave the codes of one, whole', async () => {
    await bind();
    const made = await Promise.all(Array.from({ length: 5 }, () => renew()));
    expect(await count()).toMatchObject({ total: 10, unused: 10 });
    const good = await Promise.all(made.map(({ recoveryCodes }) => isGood(recoveryCodes[0])));
    expect(good.filter(Boolean)).toHaveLength(1);
  });
});
