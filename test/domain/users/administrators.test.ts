import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createAccessKey,
  deleteAccessKey,
  updateAccessKey,
} from '../../../src/domain/access-keys/access-key-operations.ts';
import type { AppError } from '../../../src/domain/app-error.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { deleteLoginProfile } from '../../../src/domain/login-profiles/login-profile-operations.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { detachPolicyFromUser, listPoliciesForUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, newAccount, newUser, refusal, userRow } from '../operation-harness.ts';

type Removal = (deps: Harness['deps'], caller: Caller, userName: string) => Promise<unknown>;

const administratorAccess = { policyType: 'system', policyName: 'AdministratorAccess' };
const removals: readonly [string, Removal][] = [
  [
    'freezing',
    (deps, caller, userName) =>
      performOperation(deps, caller, updateUser, { user: { userName }, changes: { status: 'frozen' } }),
  ],
  [
    'deleting',
    (deps, caller, userName) => performOperation(deps, caller, deleteUser, { user: { userName }, cascade: true }),
  ],
  [
    'taking the policy of',
    (deps, caller, userName) =>
      performOperation(deps, caller, detachPolicyFromUser, { userName, ...administratorAccess }),
  ],
  [
    'taking the login profile of',
    (deps, caller, userName) => performOperation(deps, caller, deleteLoginProfile, { userName }),
  ],
  [
    'switching off the logon of',
    (deps, caller, userName) =>
      performOperation(deps, caller, putLoginProfile, { userName, profile: { status: 'inactive' } }),
  ],
];

const detaching = removals.find(([name]) => name === 'taking the policy of')?.[1];
const detachPlatformPolicy: Removal = (deps, caller, userName) =>
  performOperation(deps, caller, detachPolicyFromUser, {
    ...{ userName, policyType: 'system', policyName: 'PlatformAdministratorAccess' },
  });

describe.each(databaseServers)('the last active administrator, on %s', (_name, openOn) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openOn();
  });
  afterAll(() => harness.close());

  test.each(removals)('stays: %s the only one is refused', async (_case, removal) => {
    const { accountId, admin } = await newAccount(harness);
    const before = await userRow(harness.deps.db, accountId, 'admin');
    expect((await refusal(removal(harness.deps, admin, 'admin'))).code).toBe('DeleteConflict.LastAdministrator');
    expect(await userRow(harness.deps.db, accountId, 'admin')).toEqual(before);
    const { items } = await performOperation(harness.deps, admin, listPoliciesForUser, { userName: 'admin' });
    expect(items).toHaveLength(1);
  });

  test.each(removals)('is not the one of two: %s one is allowed, the other not', async (_case, removal) => {
    const { accountId, admin } = await newAccount(harness);
    const second = await newUser(harness.deps.db, accountId, 'second', ['AdministratorAccess']);
    await removal(harness.deps, second, 'admin');
    expect((await refusal(removal(harness.deps, second, 'second'))).code).toBe('DeleteConflict.LastAdministrator');
    expect(admin.userId).not.toBe(second.userId);
  });

  test.each(removals)('remains when two are %s each other at once', async (_case, removal) => {
    for (let round = 0; round < 5; round += 1) {
      const { accountId, admin } = await newAccount(harness);
      const second = await newUser(harness.deps.db, accountId, 'second', ['AdministratorAccess']);
      const outcomes = await Promise.allSettled([
        removal(harness.deps, admin, 'second'),
        removal(harness.deps, second, 'admin'),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as AppError).code] : []));
      expect(['DeleteConflict.LastAdministrator', 'NoPermission']).toEqual(expect.arrayContaining(codes));
    }
  });

  test('may be one who has a lasting access key alone; then that key stays', async () => {
    const { admin } = await newAccount(harness);
    const { accessKey } = await performOperation(harness.deps, admin, createAccessKey, { userName: 'admin' });
    await performOperation(harness.deps, admin, deleteLoginProfile, { userName: 'admin' });
    const key = { userName: 'admin', accessKeyId: accessKey.id };
    const attempts = [
      () => performOperation(harness.deps, admin, deleteAccessKey, key),
      () => performOperation(harness.deps, admin, updateAccessKey, { ...key, changes: { status: 'inactive' } }),
    ];
    for (const attempt of attempts) expect((await refusal(attempt())).code).toBe('DeleteConflict.LastAdministrator');
  });

  test('is not a frozen one, and not one who has no way in', async () => {
    const { accountId, admin } = await newAccount(harness);
    const second = await newUser(harness.deps.db, accountId, 'second', ['AdministratorAccess']);
    await performOperation(harness.deps, admin, deleteLoginProfile, { userName: 'second' });
    expect(
      (
        await refusal(
          performOperation(harness.deps, second, deleteUser, { user: { userName: 'admin' }, cascade: true }),
        )
      ).code,
    ).toBe('DeleteConflict.LastAdministrator');
    expect(await userRow(harness.deps.db, accountId, 'admin')).toBeDefined();
  });

  const platformRemovals: readonly [string, Removal][] = [
    ...removals.filter(([, removal]) => removal !== detaching),
    ['taking the policy over it of', detachPlatformPolicy],
  ];

  test.each(platformRemovals)(
    'of the platform stays, too: %s the only one is refused, though others administer the account',
    async (_case, removal) => {
      const { accountId } = await newAccount(harness, { isPlatform: true });
      const policyNames = ['AdministratorAccess', 'PlatformAdministratorAccess'];
      const root = await newUser(harness.deps.db, accountId, 'root', policyNames);
      const before = await userRow(harness.deps.db, accountId, 'root');
      expect((await refusal(removal(harness.deps, root, 'root'))).code).toBe('DeleteConflict.LastAdministrator');
      expect(await userRow(harness.deps.db, accountId, 'root')).toEqual(before);
      const { items } = await performOperation(harness.deps, root, listPoliciesForUser, { userName: 'root' });
      expect(items.map(({ policyName }) => policyName).toSorted()).toEqual(policyNames);
      const second = await newUser(harness.deps.db, accountId, 'second', policyNames);
      await removal(harness.deps, second, 'root');
    },
  );

  test('does not keep others: a user who is none can be frozen and deleted', async () => {
    const { accountId, admin } = await newAccount(harness);
    await newUser(harness.deps.db, accountId, 'alice');
    await performOperation(harness.deps, admin, updateUser, {
      user: { userName: 'alice' },
      changes: { status: 'frozen' },
    });
    await performOperation(harness.deps, admin, deleteUser, { user: { userName: 'alice' }, cascade: true });
    expect(await userRow(harness.deps.db, accountId, 'alice')).toBeUndefined();
  });
});
