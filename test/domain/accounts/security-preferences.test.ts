import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  getSecurityPreferences,
  updateSecurityPreferences,
} from '../../../src/domain/accounts/security-preference-operations.ts';
import { defaultSecurityPreferences } from '../../../src/domain/accounts/security-preferences.ts';
import { changeOwnPassword } from '../../../src/domain/login-profiles/change-own-password.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import {
  eventsOf,
  type Harness,
  loginProfileOf,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const read = () => performOperation(harness.deps, account.admin, getSecurityPreferences, {});
const update = (changes: unknown, caller = account.admin) =>
  performOperation(harness.deps, caller, updateSecurityPreferences, { changes });

describe('security preferences', () => {
  test('are RAM’s until they are changed, and keep what is not named', async () => {
    expect(await read()).toEqual(defaultSecurityPreferences);
    await update({ loginSessionDuration: 12, loginSessionIdleMinutes: 30 });
    await update({ loginNetworkMasks: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'] });
    expect(await read()).toEqual({
      ...defaultSecurityPreferences,
      loginSessionDuration: 12,
      loginSessionIdleMinutes: 30,
      loginNetworkMasks: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'],
    });
  });

  test('changed by twenty at once, keep what each of them changed', async () => {
    const fields = ['enableSaveMFATicket', 'allowUserToManageAccessKeys'];
    await Promise.all(Array.from({ length: 20 }, (_none, at) => update({ [fields[at % 2] ?? '']: true })));
    expect(await read()).toMatchObject({ enableSaveMFATicket: true, allowUserToManageAccessKeys: true });
  });

  test.each([
    [{ loginSessionDuration: 0 }],
    [{ loginSessionDuration: 25 }],
    [{ loginSessionIdleMinutes: 4 }],
    [{ loginSessionIdleMinutes: 1441 }],
    [{ loginSessionIdleMinutes: 7.5 }],
    [{ loginSessionIdleMinutes: null }],
    [{ loginNetworkMasks: ['192.0.2.0/33'] }],
    [{ loginNetworkMasks: ['somewhere'] }],
    [{ loginNetworkMasks: Array.from({ length: 41 }, (_none, at) => `192.0.2.${at}`) }],
    [{ loginNetworkMasks: Array.from({ length: 40 }, (_none, at) => `192.168.100.${at + 100}/32`) }],
    [{ mfaOperationForLogin: 'adaptive' }],
    [{ allowUserToChangePassword: 'no' }],
    [{ everything: true }],
  ])('refuse %j and stay as they were', async (changes) => {
    expect((await refusal(update(changes))).code).toBe('InvalidParameter');
    expect(await read()).toEqual(defaultSecurityPreferences);
  });

  test('are changed by who may, and the audit log tells what was set', async () => {
    const alice = await newUser(harness.deps.db, account.accountId, 'alice');
    expect((await refusal(update({ allowUserToManageAccessKeys: true }, alice))).code).toBe('NoPermission');
    expect(await read()).toEqual(defaultSecurityPreferences);
    await update({ allowUserToManageAccessKeys: true });
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events).toMatchObject([
      { action: 'ram:SetSecurityPreference', outcome: 'refused' },
      { outcome: 'success', details: { changes: { allowUserToManageAccessKeys: true } } },
    ]);
  });
});

describe('where users may not change their passwords', () => {
  const oldPassword = 'correct horse battery';
  const change = async (policies: readonly string[]) => {
    const caller = await newUser(harness.deps.db, account.accountId, 'alice', policies);
    await performOperation(harness.deps, account.admin, putLoginProfile, {
      userName: 'alice',
      profile: { password: oldPassword },
    });
    await update({ allowUserToChangePassword: false });
    const input = { oldPassword, newPassword: 'staple of many words' };
    return { caller, attempt: performOperation(harness.deps, caller, changeOwnPassword, input) };
  };

  test('somebody without a policy is refused, and the password stays', async () => {
    const { caller, attempt } = await change([]);
    expect((await refusal(attempt)).code).toBe('NoPermission');
    const profile = await loginProfileOf(harness.deps.db, caller.userId);
    expect(await harness.deps.passwordHasher.verify(oldPassword, profile?.passwordHash)).toBe(true);
  });

  test('somebody whose policies allow it goes on changing theirs', async () => {
    const { caller, attempt } = await change(['AliyunRAMFullAccess']);
    await attempt;
    const profile = await loginProfileOf(harness.deps.db, caller.userId);
    expect(await harness.deps.passwordHasher.verify(oldPassword, profile?.passwordHash)).toBe(false);
  });
});
