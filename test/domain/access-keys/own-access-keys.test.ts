import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccessKey, listAccessKeys } from '../../../src/domain/access-keys/access-key-operations.ts';
import {
  createOwnAccessKey,
  deleteOwnAccessKey,
  getOwnAccessKey,
  listOwnAccessKeys,
  updateOwnAccessKey,
} from '../../../src/domain/access-keys/own-access-keys.ts';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
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
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
});

const allow = (allowUserToManageAccessKeys: boolean) =>
  saveAccountSettings(harness.deps.db, account.accountId, { securityPreferences: { allowUserToManageAccessKeys } });
const keysOfAlice = async () =>
  (await performOperation(harness.deps, account.admin, listAccessKeys, { userName: 'alice' })).items;

test('users manage their own keys where the account lets them, and find what administrators find', async () => {
  await allow(true);
  const { accessKey, secret } = await performOperation(harness.deps, alice, createOwnAccessKey, {});
  expect(secret).toMatch(/^[A-Za-z0-9]{30}$/);
  expect((await performOperation(harness.deps, alice, listOwnAccessKeys, {})).items).toEqual(await keysOfAlice());
  const { id: accessKeyId } = accessKey;
  await performOperation(harness.deps, alice, updateOwnAccessKey, { accessKeyId, changes: { status: 'inactive' } });
  const read = await performOperation(harness.deps, alice, getOwnAccessKey, { accessKeyId });
  expect(read).toMatchObject({ id: accessKeyId, status: 'inactive' });
  await performOperation(harness.deps, alice, deleteOwnAccessKey, { accessKeyId });
  expect(await keysOfAlice()).toEqual([]);
  const events = await eventsOf(harness.deps.db, account.accountId);
  expect(events.map(({ action, actorUserId }) => [action, actorUserId])).toEqual(
    ['ram:CreateAccessKey', 'ram:UpdateAccessKey', 'ram:DeleteAccessKey'].map((action) => [action, alice.userId]),
  );
  expect(JSON.stringify(events)).not.toContain(secret);
});

test('without that, nothing is made, seen, changed or deleted', async () => {
  const { accessKey } = await performOperation(harness.deps, account.admin, createAccessKey, { userName: 'alice' });
  const before = await keysOfAlice();
  const { id: accessKeyId } = accessKey;
  const changes = { status: 'inactive' };
  for (const attempt of [
    performOperation(harness.deps, alice, createOwnAccessKey, {}),
    performOperation(harness.deps, alice, listOwnAccessKeys, {}),
    performOperation(harness.deps, alice, getOwnAccessKey, { accessKeyId }),
    performOperation(harness.deps, alice, updateOwnAccessKey, { accessKeyId, changes }),
    performOperation(harness.deps, alice, deleteOwnAccessKey, { accessKeyId }),
  ])
    expect((await refusal(attempt)).code).toBe('NoPermission');
  expect(await keysOfAlice()).toEqual(before);
});

test("another user's key is not there, whatever its id", async () => {
  await allow(true);
  await newUser(harness.deps.db, account.accountId, 'bob');
  const { accessKey } = await performOperation(harness.deps, account.admin, createAccessKey, { userName: 'bob' });
  const { id: accessKeyId } = accessKey;
  const changes = { status: 'inactive' };
  for (const attempt of [
    performOperation(harness.deps, alice, getOwnAccessKey, { accessKeyId }),
    performOperation(harness.deps, alice, updateOwnAccessKey, { accessKeyId, changes }),
    performOperation(harness.deps, alice, deleteOwnAccessKey, { accessKeyId }),
  ])
    expect((await refusal(attempt)).code).toBe('EntityNotExist.User.AccessKey');
  const { items } = await performOperation(harness.deps, account.admin, listAccessKeys, { userName: 'bob' });
  expect(items).toMatchObject([{ id: accessKeyId, status: 'active' }]);
});

test('twenty at once makes exactly two', async () => {
  await allow(true);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => performOperation(harness.deps, alice, createOwnAccessKey, {})),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await keysOfAlice()).toHaveLength(2);
});
