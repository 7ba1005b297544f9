import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { getAccessDecisions, getOwnAccessDecisions } from '../../../src/domain/policies/get-access-decisions.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';
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
});
afterAll(() => harness.close());

const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const give = async (policyName: string, policyDocument: unknown, userName = 'alice') => {
  await newPolicy(harness, account, policyName, policyDocument);
  await as(account.admin, attachPolicyToUser, { userName, policyType: 'custom', policyName });
};
const page = (name: string, accountId = account.accountId) => `acs:wiki:*:${accountId}:page/${name}`;
const edit = (name: string, context?: object) => ({
  ...{ action: 'wiki:EditPage', resource: page(name) },
  ...(context === undefined ? {} : { context }),
});
const ask = async (decisions: readonly object[], user: object = { userName: 'alice' }, caller = account.admin) =>
  (await as(caller, getAccessDecisions, { ...user, decisions })).items;
const outcomes = async (...decisions: readonly object[]) => (await ask(decisions)).map(({ decision }) => decision);

describe('access decisions', () => {
  test('are told of any service, with the statement that decided', async () => {
    const deny = { Effect: 'Deny', Action: 'wiki:*', Resource: 'acs:wiki:*:*:page/secret*' };
    await give('wiki', documentOf({ Action: 'wiki:EditPage', Resource: 'acs:wiki:*:*:page/*' }, deny));
    const items = await ask([edit('start'), edit('secret-plan'), { ...edit('start'), action: 'wiki:DeletePage' }]);
    const source = { policyType: 'custom', policyName: 'wiki', versionId: 'v1' };
    expect(items).toEqual([
      { ...edit('start'), decision: 'allow', explicit: false, statement: { source, index: 0 } },
      { ...edit('secret-plan'), decision: 'deny', explicit: true, statement: { source, index: 1 } },
      {
        ...{ action: 'wiki:DeletePage', resource: page('start'), decision: 'deny', explicit: false },
        statement: undefined,
      },
    ]);
  });

  test('count what comes by groups, and say so', async () => {
    await newPolicy(harness, account, 'wiki', allowing('wiki:*', 'acs:wiki:*:*:page/*'));
    await as(account.admin, createGroup, { groupName: 'editors' });
    await as(account.admin, attachPolicyToGroup, { groupName: 'editors', policyType: 'custom', policyName: 'wiki' });
    expect(await outcomes(edit('start'))).toEqual(['deny']);
    await as(account.admin, addUserToGroup, { groupName: 'editors', userName: 'alice' });
    expect(await ask([edit('start')])).toMatchObject([
      { decision: 'allow', statement: { source: { policyName: 'wiki', through: 'editors' } } },
    ]);
  });

  test('take the context as it is given, and what is not said as not shown', async () => {
    const condition = (operator: string, key: string, value: unknown) =>
      allowing_(`wiki:${key.split(':')[1]}`, { [operator]: { [key]: value } });
    const allowing_ = (action: string, Condition: object) => ({ Action: action, Condition });
    await give(
      'wiki',
      documentOf(
        condition('IpAddress', 'acs:SourceIp', '192.0.2.0/24'),
        condition('Bool', 'acs:MFAPresent', 'true'),
        condition('Bool', 'acs:SecureTransport', 'true'),
        condition('DateLessThan', 'acs:CurrentTime', '2020-01-01T00:00:00Z'),
      ),
    );
    for (const [action, context] of [
      ['wiki:SourceIp', { sourceIp: '192.0.2.7' }],
      ['wiki:MFAPresent', { mfaPresent: true }],
      ['wiki:SecureTransport', { secureTransport: true }],
      ['wiki:CurrentTime', { currentTime: '2019-12-31T23:59:59+00:00' }],
    ] as const) {
      const question = { action, resource: page('start') };
      expect(await outcomes({ ...question, context }, { ...question, context: {} }, question)).toEqual([
        ...['allow', 'deny', 'deny'],
      ]);
    }
  });

  test('are always no for a frozen user, and for another account', async () => {
    await give('everything', allowing('*'));
    expect(await outcomes(edit('start'))).toEqual(['allow']);
    const other = await newAccount(harness);
    const theirs = { action: 'wiki:EditPage', resource: page('start', other.accountId) };
    expect(await outcomes(theirs)).toEqual(['deny']);
    await as(account.admin, updateUser, { user: { userName: 'alice' }, changes: { status: 'frozen' } });
    expect(await ask([edit('start')])).toMatchObject([{ decision: 'deny', explicit: false, statement: undefined }]);
  });

  test('know who is an administrator, where a policy asks', async () => {
    const condition = { Bool: { 'postern:TargetIsAdministrator': 'false' } };
    await give('help', documentOf({ Action: 'ram:UpdateLoginProfile', Condition: condition }));
    await newUser(harness.deps.db, account.accountId, 'bob');
    const about = (name: string) => ({
      action: 'ram:UpdateLoginProfile',
      resource: `acs:ram:*:${account.accountId}:user/${name}`,
    });
    expect(await outcomes(about('bob'), about('admin'), about('nobody'))).toEqual(['allow', 'deny', 'deny']);
  });

  test('are asked by name, by id, or of oneself', async () => {
    await give('wiki', allowing('wiki:*', 'acs:wiki:*:*:page/*'));
    expect((await ask([edit('start')], { userId: alice.userId }))[0]?.decision).toBe('allow');
    expect((await ask([edit('start')], {}))[0]?.decision).toBe('allow');
    const both = ask([edit('start')], { userId: alice.userId, userName: 'alice' });
    expect((await refusal(both)).faults).toMatchObject([{ pointer: '/userId' }]);
    expect((await refusal(ask([edit('start')], { userName: 'nobody' }))).code).toBe('EntityNotExist.User');
    const other = await newAccount(harness);
    const foreign = ask([edit('start')], { userId: alice.userId }, other.admin);
    expect((await refusal(foreign)).code).toBe('EntityNotExist.User');
  });

  test('about others need the right over them, which the refusal is noted of; about oneself none', async () => {
    const attempt = ask([edit('start')], { userName: 'admin' }, alice);
    expect((await refusal(attempt)).code).toBe('NoPermission');
    expect((await eventsOf(harness.deps.db, account.accountId)).at(-1)).toMatchObject({
      ...{ action: 'ram:GetAccessDecision', resource: `acs:ram:*:${account.accountId}:user/admin` },
      outcome: 'refused',
    });
    expect((await refusal(ask([edit('start')], {}, alice))).code).toBe('NoPermission');
    const { items } = await as(alice, getOwnAccessDecisions, { decisions: [edit('start')] });
    expect(items).toMatchObject([{ decision: 'deny' }]);
  });

  test('of oneself take the very request where nothing else is said', async () => {
    await give('wiki', documentOf({ Action: 'wiki:*', Condition: { Bool: { 'acs:MFAPresent': 'true' } } }));
    const own = async (caller: Caller, context?: object) =>
      (await as(caller, getOwnAccessDecisions, { decisions: [edit('start', context)] })).items[0]?.decision;
    expect(await own(alice)).toBe('deny');
    expect(await own({ ...alice, mfaPresent: true })).toBe('allow');
    expect(await own({ ...alice, mfaPresent: true }, { mfaPresent: false })).toBe('deny');
  });

  test('are up to a thousand at once', async () => {
    await give('wiki', allowing('wiki:*', 'acs:wiki:*:*:page/*'));
    const thousand = Array.from({ length: 1000 }, (_, index) => edit(`p${index}`));
    const items = await ask(thousand);
    expect(items.map(({ resource }) => resource)).toEqual(thousand.map(({ resource }) => resource));
    expect(items.every(({ decision }) => decision === 'allow')).toBe(true);
    expect((await refusal(ask([...thousand, edit('one-more')]))).faults).toMatchObject([{ pointer: '/decisions' }]);
    expect((await refusal(ask([]))).code).toBe('InvalidParameter');
  });

  test.each([
    [{ action: 'EditPage' }, '/decisions/0/action'],
    [{ action: 'wiki:*' }, '/decisions/0/action'],
    [{ resource: 'page/start' }, '/decisions/0/resource'],
    [{ resource: 'acs:wiki::' }, '/decisions/0/resource'],
    [{ context: { sourceIp: '192.0.2.0/24' } }, '/decisions/0/context/sourceIp'],
    [{ context: { currentTime: 'now' } }, '/decisions/0/context/currentTime'],
    [{ context: { targetIsAdministrator: false } }, '/decisions/0/context/targetIsAdministrator'],
  ])('with %j are refused at its place', async (wrong, pointer) => {
    expect((await refusal(ask([{ ...edit('start'), ...wrong }]))).faults).toMatchObject([{ pointer }]);
  });
});

describe('policies and questions made to stall the server', () => {
  test('let others have their turn, and end in a refusal', async () => {
    // Each place in the name is compared with a hundred characters of each pattern before it fails.
    const pattern = (at: number) => `acs:x:y:z:*b${'?'.repeat(100 + at)}*`;
    const Resource = Array.from({ length: 11 }, (_none, at) => pattern(at));
    for (let at = 0; at < 10; at += 1) await give(`slow-${at}`, documentOf({ Effect: 'Deny', Resource }));
    const resource = `acs:x:y:z:${'a'.repeat(300)}`;
    const decisions = Array.from({ length: 1000 }, (_none, at) => ({ action: `x:Do${at}`, resource }));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const refused = await refusal(ask(decisions));
    clearInterval(timer);
    expect(refused.code).toBe('RequestTooLarge');
    expect(turns).toBeGreaterThan(3);
    expect(await ask(decisions.slice(0, 1))).toMatchObject([{ decision: 'deny' }]);
  });
});
