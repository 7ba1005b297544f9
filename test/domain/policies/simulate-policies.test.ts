import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { isDraft, simulatePolicies } from '../../../src/domain/policies/simulate-policies.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';
import { allowing, documentOf, newPolicy } from './custom-policy.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  await newPolicy(
    harness,
    account,
    'wiki',
    documentOf(
      { Action: 'wiki:*', Condition: { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } } },
      { Action: 'wiki:EditPage' },
    ),
  );
  const attachment = { userName: 'alice', policyType: 'custom', policyName: 'wiki' };
  await performOperation(harness.deps, account.admin, attachPolicyToUser, attachment);
});
afterAll(() => harness.close());

const question = () => ({ action: 'wiki:EditPage', resource: `acs:wiki:*:${account.accountId}:page/start` });
const simulate = (more: object = {}, caller = account.admin) =>
  performOperation(harness.deps, caller, simulatePolicies, { userName: 'alice', decisions: [question()], ...more });
const denying = documentOf({ Effect: 'Deny', Action: 'wiki:*' });

describe('a simulation', () => {
  test('tells which statements match, which miss by which condition, and which decides', async () => {
    const source = { policyType: 'custom', policyName: 'wiki', versionId: 'v1' };
    expect(await simulate()).toEqual({
      userActive: true,
      items: [
        {
          ...{ ...question(), outcome: 'allow', statement: { source, index: 1 } },
          matching: [{ source, index: 1, effect: 'Allow' }],
          nearMisses: [
            {
              ...{ source, index: 0, effect: 'Allow' },
              failedConditions: [
                { operator: 'IpAddress', key: 'acs:SourceIp', values: ['192.0.2.0/24'], absent: true },
              ],
            },
          ],
          truncated: false,
        },
      ],
    });
  });

  test('counts drafts beside what the user has, or alone, and leaves nothing behind', async () => {
    const beside = await simulate({ policyDocuments: [denying] });
    expect(beside.items).toMatchObject([
      { outcome: 'explicitDeny', statement: { source: { policyName: 'policyDocuments/0' } }, matching: [{}, {}] },
    ]);
    const drafts = [allowing('wiki:ReadPage'), allowing('wiki:EditPage')];
    const alone = await simulate({ policyDocuments: drafts, withAttachedPolicies: false });
    const [item] = alone.items;
    expect([item?.outcome, item?.matching.map(({ source }) => source.policyName)]).toEqual([
      ...['allow', ['policyDocuments/1']],
    ]);
    expect((await simulate({ withAttachedPolicies: false })).items).toMatchObject([{ outcome: 'implicitDeny' }]);
    expect((await simulate()).items).toMatchObject([{ outcome: 'allow' }]);
    expect([isDraft('policyDocuments/0'), isDraft('policyDocuments')]).toEqual([true, false]);
  });

  test('says of a frozen user that nothing counts, and still explains', async () => {
    const input = { user: { userName: 'alice' }, changes: { status: 'frozen' } };
    await performOperation(harness.deps, account.admin, updateUser, input);
    expect(await simulate()).toMatchObject({ userActive: false, items: [{ outcome: 'allow' }] });
  });

  test('is cut where a list would grow without end', async () => {
    const many = documentOf(...Array.from({ length: 60 }, () => ({ Action: 'wiki:*' })));
    const [item] = (await simulate({ policyDocuments: [many, many] })).items;
    expect([item?.matching.length, item?.truncated]).toEqual([100, true]);
  });

  test('needs the right over the user', async () => {
    expect((await refusal(simulate({}, alice))).code).toBe('NoPermission');
  });

  test('refuses drafts like policies, at their place, and more than it takes', async () => {
    const postern = allowing('postern:*', 'acs:postern:*');
    expect((await refusal(simulate({ policyDocuments: [denying, postern] }))).faults).toMatchObject([
      { pointer: '/policyDocuments/1/Statement/0/Action', code: 'MalformedPolicyDocument' },
    ]);
    const decisions = Array.from({ length: 21 }, question);
    expect((await refusal(simulate({ decisions }))).faults).toMatchObject([{ pointer: '/decisions' }]);
  });
});
