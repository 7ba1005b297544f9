import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { listOwnGroups } from '../../../src/domain/groups/list-own-groups.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { listOwnPolicies } from '../../../src/domain/policies/list-own-policies.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const depsOf = () => harness.deps;

it('own groups and policies are told without any policy, and those of nobody else', async () => {
  const user = await newUser(depsOf().db, account.accountId, 'gina');
  const other = await newUser(depsOf().db, account.accountId, 'hugo');
  const groupName = 'developers';
  await performOperation(depsOf(), account.admin, createGroup, { groupName, displayName: 'Developers' });
  await performOperation(depsOf(), account.admin, addUserToGroup, { groupName, userName: 'gina' });
  const policy = { policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess' };
  await performOperation(depsOf(), account.admin, attachPolicyToGroup, { groupName, ...policy });
  const help = { policyType: 'system', policyName: 'PosternHelpDeskAccess' };
  await performOperation(depsOf(), account.admin, attachPolicyToUser, { userName: 'gina', ...help });
  const groups = await performOperation(depsOf(), user, listOwnGroups, {});
  expect(groups.items.map((group) => group.groupName)).toEqual([groupName]);
  const policies = await performOperation(depsOf(), user, listOwnPolicies, {});
  expect(policies.items.map(({ policyName, throughGroup }) => [policyName, throughGroup])).toEqual([
    ['PosternHelpDeskAccess', null],
    ['AliyunRAMReadOnlyAccess', groupName],
  ]);
  expect(await performOperation(depsOf(), other, listOwnGroups, {})).toEqual({ items: [] });
  expect(await performOperation(depsOf(), other, listOwnPolicies, {})).toEqual({ items: [] });
});
