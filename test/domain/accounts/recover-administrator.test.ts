import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recoverAdministrator } from '../../../src/domain/accounts/recover-administrator.ts';
import {
  getSecurityPreferences,
  updateSecurityPreferences,
} from '../../../src/domain/accounts/security-preference-operations.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { listGroupsForUser } from '../../../src/domain/groups/list-groups-for-user.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { attachPolicyToUser, listPoliciesForUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { allowing, documentOf, newPolicy } from '../policies/custom-policy.ts';
import {
  eventsOf,
  type Harness,
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

const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const asAdmin = <Input, Prepared, Output>(operation: Operation<Input, Prepared, Output>, input: unknown) =>
  as(account.admin, operation, input);
const recover = () => recoverAdministrator(harness.deps, { alias: account.alias, userName: 'admin' });
const forbidding = documentOf({ Effect: 'Deny' });
const policyNames = async () =>
  (await asAdmin(listPoliciesForUser, { userName: 'admin' })).items.map(({ policyName }) => policyName).toSorted();
const lastEvent = async () => (await eventsOf(harness.deps.db, account.accountId)).at(-1);

describe('a recovered administrator can do everything again', () => {
  test('although a policy of their own forbade everything; what allows stays', async () => {
    for (const [policyName, document] of [
      ['wiki', allowing('wiki:*')],
      ['nothing', forbidding],
    ] as const) {
      await newPolicy(harness, account, policyName, document);
      await asAdmin(attachPolicyToUser, { userName: 'admin', policyType: 'custom', policyName });
    }
    expect((await refusal(asAdmin(createGroup, { groupName: 'g' }))).code).toBe('NoPermission');
    await recover();
    await asAdmin(createGroup, { groupName: 'g' });
    expect(await policyNames()).toEqual(['AdministratorAccess', 'wiki']);
  });

  test('although a group of theirs forbade everything; groups that allow stay, and the event names what went', async () => {
    for (const groupName of ['bound', 'free']) await asAdmin(createGroup, { groupName });
    await newPolicy(harness, account, 'nothing', forbidding);
    for (const groupName of ['bound', 'free']) await asAdmin(addUserToGroup, { groupName, userName: 'admin' });
    const attachment = { groupName: 'bound', policyType: 'custom', policyName: 'nothing' };
    await asAdmin(attachPolicyToGroup, attachment);
    expect((await refusal(asAdmin(createGroup, { groupName: 'g' }))).code).toBe('NoPermission');
    await recover();
    const { items } = await asAdmin(listGroupsForUser, { userName: 'admin' });
    expect(items.map(({ groupName }) => groupName)).toEqual(['free']);
    const details = { detachedPolicies: [], leftGroups: ['bound'], liftedLoginNetworkMasks: false };
    expect(await lastEvent()).toMatchObject({ action: 'postern:RecoverAdministrator', details });
  });

  test('from anywhere, although the account allowed logons from one network; its other preferences stay', async () => {
    const changes = { loginNetworkMasks: ['192.0.2.0/24'], loginSessionDuration: 3 };
    await asAdmin(updateSecurityPreferences, { changes });
    await recover();
    const preferences = await asAdmin(getSecurityPreferences, {});
    expect([preferences.loginNetworkMasks, preferences.loginSessionDuration]).toEqual([[], 3]);
    expect(await lastEvent()).toMatchObject({ details: { liftedLoginNetworkMasks: true } });
  });

  test('and the platform where it is the account of the platform, nowhere else', async () => {
    await recover();
    expect(await policyNames()).toEqual(['AdministratorAccess']);
    account = await newAccount(harness, { isPlatform: true });
    await recover();
    expect(await policyNames()).toEqual(['AdministratorAccess', 'PlatformAdministratorAccess']);
  });
});

test('nothing of anybody else changes', async () => {
  const bob = await newUser(harness.deps.db, account.accountId, 'bob');
  await newPolicy(harness, account, 'nothing', forbidding);
  await asAdmin(attachPolicyToUser, { userName: 'bob', policyType: 'custom', policyName: 'nothing' });
  await recover();
  const { items } = await asAdmin(listPoliciesForUser, { userName: 'bob' });
  expect([bob.userName, items.map(({ policyName }) => policyName)]).toEqual(['bob', ['nothing']]);
});
