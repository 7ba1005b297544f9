import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AppError } from '../../../src/domain/app-error.ts';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { deleteGroup } from '../../../src/domain/groups/delete-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { listGroups } from '../../../src/domain/groups/list-groups.ts';
import { listGroupsForUser } from '../../../src/domain/groups/list-groups-for-user.ts';
import { updateGroup } from '../../../src/domain/groups/update-group.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { createPolicyVersion } from '../../../src/domain/policies/change-policy-versions.ts';
import { deletePolicy } from '../../../src/domain/policies/delete-policy.ts';
import { attachPolicyToGroup, listPoliciesForGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { listPolicies } from '../../../src/domain/policies/list-policies.ts';
import { listPolicyVersions } from '../../../src/domain/policies/read-policy-versions.ts';
import { attachPolicyToUser, listPoliciesForUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, newAccount, newUser, type TestAccount } from '../operation-harness.ts';
import { allowing, newPolicy } from './custom-policy.ts';

const twenty = <T>(attempt: (index: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: 20 }, (_, index) => attempt(index)));

/** How often each outcome was met. */
const tally = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes
    .map((one) => (one.status === 'fulfilled' ? 'done' : String((one.reason as AppError).code)))
    .reduce<Record<string, number>>((counts, code) => ({ ...counts, [code]: (counts[code] ?? 0) + 1 }), {});

describe.each(databaseServers)('at once, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openOn();
  });
  beforeEach(async () => {
    account = await newAccount(harness);
    await newUser(harness.deps.db, account.accountId, 'alice');
  });
  afterAll(() => harness.close());

  const as = <Input, Prepared, Output>(operation: Operation<Input, Prepared, Output>, input: unknown) =>
    performOperation(harness.deps, account.admin, operation, input);
  const custom = (policyName: string) => ({ policyType: 'custom', policyName });
  const quota = (quotas: Record<string, number>) =>
    harness.deps.db.transaction((tx) => saveAccountSettings(tx, account.accountId, { quotas }));

  test('twenty groups of one name: one is made', async () => {
    expect(tally(await twenty((index) => as(createGroup, { groupName: index % 2 === 0 ? 'Staff' : 'staff' })))).toEqual(
      {
        ...{ done: 1, 'EntityAlreadyExists.Group': 19 },
      },
    );
    expect((await as(listGroups, {})).items).toHaveLength(1);
  });

  test('twenty groups where there is room for seven: seven are made', async () => {
    await quota({ groupsQuota: 7 });
    expect(tally(await twenty((index) => as(createGroup, { groupName: `g${index}` })))).toEqual({
      ...{ done: 7, 'LimitExceeded.Group': 13 },
    });
    expect((await as(listGroups, {})).items).toHaveLength(7);
  });

  test('two groups that take each other’s name: no deadlock, both keep a name of their own', async () => {
    for (const groupName of ['a', 'b']) await as(createGroup, { groupName });
    const rename = (groupName: string, newName: string) =>
      as(updateGroup, { groupName, changes: { groupName: newName } });
    const outcomes = tally(await Promise.allSettled([rename('a', 'b'), rename('b', 'a')]));
    expect(outcomes).toEqual({ 'EntityAlreadyExists.Group': 2 });
  });

  test('one user into twenty groups: ten take', async () => {
    for (let index = 0; index < 20; index += 1) await as(createGroup, { groupName: `g${index}` });
    const outcomes = await twenty((index) => as(addUserToGroup, { userName: 'alice', groupName: `g${index}` }));
    expect(tally(outcomes)).toEqual({ done: 10, 'LimitExceeded.User.Group': 10 });
    expect((await as(listGroupsForUser, { userName: 'alice' })).items).toHaveLength(10);
  });

  test('members that come while the group is deleted: none is left in what is gone', async () => {
    await as(createGroup, { groupName: 'staff' });
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 10 }, () => as(addUserToGroup, { userName: 'alice', groupName: 'staff' })),
      as(deleteGroup, { groupName: 'staff', cascade: true }),
    ]);
    expect(outcomes.at(-1)?.status).toBe('fulfilled');
    expect((await as(listGroupsForUser, { userName: 'alice' })).items).toEqual([]);
  });

  test('twenty policies where there is room for seven, and twenty of one name', async () => {
    await quota({ policiesQuota: 7 });
    expect(tally(await twenty(() => newPolicy(harness, account, 'same')))).toEqual({
      ...{ done: 1, 'EntityAlreadyExists.Policy': 19 },
    });
    expect(tally(await twenty((index) => newPolicy(harness, account, `p${index}`)))).toEqual({
      ...{ done: 6, 'LimitExceeded.Policy': 14 },
    });
    expect((await as(listPolicies, { policyType: 'custom' })).items).toHaveLength(7);
  });

  test('twenty versions of one policy: four more are made, each with a number of its own', async () => {
    await newPolicy(harness, account, 'readers');
    const add = () => as(createPolicyVersion, { ...custom('readers'), policyDocument: allowing('ram:*') });
    expect(tally(await twenty(add))).toEqual({ done: 4, 'LimitExceeded.Policy.Version': 16 });
    const { items } = await as(listPolicyVersions, custom('readers'));
    expect(items.map(({ versionId }) => versionId)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
  });

  test('twenty custom policies for one user and one group: as many take as there is room for', async () => {
    await quota({ attachedPoliciesPerGroupQuota: 3 });
    for (let index = 0; index < 20; index += 1) await newPolicy(harness, account, `p${index}`);
    await as(createGroup, { groupName: 'staff' });
    const user = await twenty((index) => as(attachPolicyToUser, { userName: 'alice', ...custom(`p${index}`) }));
    const group = await twenty((index) => as(attachPolicyToGroup, { groupName: 'staff', ...custom(`p${index}`) }));
    expect(tally(user)).toEqual({ done: 10, 'LimitExceeded.User.Policy': 10 });
    expect(tally(group)).toEqual({ done: 3, 'LimitExceeded.Group.Policy': 17 });
    expect((await as(listPoliciesForUser, { userName: 'alice' })).items).toHaveLength(10);
    expect((await as(listPoliciesForGroup, { groupName: 'staff' })).items).toHaveLength(3);
  });

  test('the limit on system policies counts these alone, and does not refuse what is attached already', async () => {
    await quota({ attachedSystemPoliciesPerUserQuota: 1 });
    const attach = (policyType: string, policyName: string) =>
      as(attachPolicyToUser, { userName: 'alice', policyType, policyName });
    await newPolicy(harness, account, 'readers');
    await attach('custom', 'readers');
    const outcomes = await Promise.allSettled([
      attach('system', 'AliyunRAMReadOnlyAccess'),
      attach('system', 'AliyunRAMFullAccess'),
    ]);
    expect(tally(outcomes)).toEqual({ done: 1, 'LimitExceeded.User.Policy': 1 });
    const { items } = await as(listPoliciesForUser, { userName: 'alice' });
    const system = items.find(({ policyType }) => policyType === 'system');
    expect(await attach('system', system?.policyName ?? '')).toEqual({ attached: false });
  });

  test('a policy that is attached while it is deleted: never attached to nothing', async () => {
    for (let round = 0; round < 5; round += 1) {
      await newPolicy(harness, account, 'readers');
      const attachments = Promise.allSettled([
        as(attachPolicyToUser, { userName: 'alice', ...custom('readers') }),
        as(deletePolicy, { ...custom('readers'), cascade: round % 2 === 0 }),
      ]);
      const [attached, deleted] = await attachments;
      const { items } = await as(listPoliciesForUser, { userName: 'alice' });
      const left = (await as(listPolicies, { policyType: 'custom' })).items.length;
      expect(items).toHaveLength(left);
      expect([attached.status, deleted.status]).toContain('fulfilled');
      await as(deletePolicy, { ...custom('readers'), cascade: true });
    }
  });
});
