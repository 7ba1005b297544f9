import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteTenant, updateTenant } from '../../../src/domain/accounts/platform/change-tenants.ts';
import { createTenant } from '../../../src/domain/accounts/platform/create-tenant.ts';
import { getTenant, listTenants } from '../../../src/domain/accounts/platform/read-tenants.ts';
import { findIssuer } from '../../../src/domain/accounts/accounts-store.ts';
import { defaultQuotas } from '../../../src/domain/accounts/quotas.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { findLoginProfile } from '../../../src/domain/login-profiles/login-profiles-store.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { listUserPolicies } from '../../../src/domain/policies/user-policies-store.ts';
import { accessKeys } from '../../../src/storage/db/schema/access-keys.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';

let harness: Harness;
let platform: TestAccount;
let operator: Caller;
beforeAll(async () => {
  harness = await openHarness();
  platform = await newAccount(harness, { isPlatform: true });
  const policies = ['AdministratorAccess', 'PlatformAdministratorAccess'];
  operator = await newUser(harness.deps.db, platform.accountId, 'operator', policies);
});
afterAll(() => harness.close());

const newName = (): string => `n${randomBytes(6).toString('hex')}`;
const create = (alias: string, adminUserName = 'Root') =>
  performOperation(harness.deps, operator, createTenant, { alias, adminUserName });
const read = (accountId: string) => performOperation(harness.deps, operator, getTenant, { accountId });
const update = (accountId: string, changes: unknown) =>
  performOperation(harness.deps, operator, updateTenant, { accountId, changes });
const remove = (accountId: string) => performOperation(harness.deps, operator, deleteTenant, { accountId });
const rowOf = async (accountId: string) => {
  const [row] = await harness.deps.db.select().from(accounts).where(eq(accounts.accountId, accountId));
  if (row === undefined) throw new Error('no such account');
  return row;
};
const addUser = ({ admin }: TestAccount, userName: string) =>
  performOperation(harness.deps, admin, createUser, { users: [{ userName, displayName: userName }] });

describe('who may', () => {
  const inputs: readonly [Operation<never, unknown, unknown>, (accountId: string) => unknown][] = [
    [createTenant as Operation<never, unknown, unknown>, () => ({ alias: newName(), adminUserName: 'root' })],
    [listTenants as Operation<never, unknown, unknown>, () => ({})],
    [getTenant as Operation<never, unknown, unknown>, (accountId) => ({ accountId })],
    [
      updateTenant as Operation<never, unknown, unknown>,
      (accountId) => ({ accountId, changes: { status: 'suspended' } }),
    ],
    [deleteTenant as Operation<never, unknown, unknown>, (accountId) => ({ accountId })],
  ];

  it.each(inputs.map(([operation, inputOf]) => [operation.name, operation, inputOf] as const))(
    '%s is not for administrators, neither of the platform account nor of others, whatever is attached there',
    async (_name, operation, inputOf) => {
      const tenant = await newAccount(harness);
      const posing = await newUser(harness.deps.db, tenant.accountId, 'posing', ['PlatformAdministratorAccess']);
      const before = await harness.deps.db.$count(accounts);
      for (const caller of [platform.admin, tenant.admin, posing]) {
        const attempt = performOperation(harness.deps, caller, operation, inputOf(tenant.accountId));
        expect(await refusal(attempt)).toMatchObject({ code: 'NoPermission' });
      }
      expect((await rowOf(tenant.accountId)).status).toBe('active');
      expect(await harness.deps.db.$count(accounts)).toBe(before);
    },
  );
});

describe('creating an account', () => {
  it('answers what is handed over once: an administrator who must choose a password, no access key', async () => {
    const { db } = harness.deps;
    const alias = newName();
    const created = await create(alias);
    expect(Object.keys(created)).toEqual(['publicUrl', 'alias', 'accountId', 'adminUserName', 'initialPassword']);
    expect(created).toMatchObject({ publicUrl: 'https://id.example.com', alias, adminUserName: 'Root' });
    const { accountId, initialPassword } = created;
    const admin = await userRow(db, accountId, 'root');
    const profile = await findLoginProfile(db, admin?.userId ?? '');
    expect(profile).toMatchObject({ resetRequired: true, status: 'active' });
    expect(await harness.deps.passwordHasher.verify(initialPassword, profile?.passwordHash)).toBe(true);
    expect((await listUserPolicies(db, admin?.userId ?? '')).map(({ policyName }) => policyName)).toEqual([
      'AdministratorAccess',
    ]);
    expect(await db.$count(accessKeys, eq(accessKeys.accountId, accountId))).toBe(0);
    expect((await rowOf(accountId)).isPlatform).toBe(false);
  });

  it("stands in the platform's log, and in the account's own without who it was; the password in neither", async () => {
    const { accountId, alias, initialPassword } = await create(newName());
    const ours = (await eventsOf(harness.deps.db, platform.accountId)).at(-1);
    expect(ours).toMatchObject({
      ...{ action: 'postern:CreateAccount', outcome: 'success', actorUserId: operator.userId },
      ...{ resource: 'acs:postern:*:*:account/*', details: { accountId, alias, adminUserName: 'Root' } },
    });
    const theirs = await eventsOf(harness.deps.db, accountId);
    expect(theirs).toMatchObject([
      { action: 'postern:CreateAccount', actorVia: 'platform', actorUserId: null, sourceIp: null },
    ]);
    expect(JSON.stringify([ours, theirs])).not.toContain(initialPassword);
  });

  it('tells every fault at once, and makes nothing', async () => {
    const before = await harness.deps.db.$count(accounts);
    const error = await refusal(create('no good', '..'));
    expect(error).toMatchObject({
      code: 'InvalidParameter',
      faults: [{ pointer: '/alias', code: 'InvalidParameter.AccountAlias.Format' }, { pointer: '/adminUserName' }],
    });
    expect(await harness.deps.db.$count(accounts)).toBe(before);
  });
});

describe('listing accounts', () => {
  it('goes page by page, each account once, and finds by alias, id and status', async () => {
    const made = await Promise.all(['findme-a', 'findme-b', 'findme-c'].map((name) => create(`${name}-${newName()}`)));
    const list = (input: unknown) => performOperation(harness.deps, operator, listTenants, input);
    const first = await list({ q: 'findme', limit: 2 });
    const second = await list({ q: 'findme', limit: 2, cursor: first.nextCursor });
    const found = [...first.items, ...second.items].map(({ accountId }) => accountId);
    expect(found).toEqual(made.map(({ accountId }) => accountId).toSorted());
    expect(second.nextCursor).toBeUndefined();
    expect(await refusal(list({ q: 'other', cursor: first.nextCursor }))).toMatchObject({ code: 'InvalidParameter' });
    const [one] = made;
    expect((await list({ q: one?.accountId })).items).toMatchObject([{ alias: one?.alias, status: 'active' }]);
    await update(one?.accountId ?? '', { status: 'suspended' });
    expect((await list({ q: 'findme', status: 'suspended' })).items).toMatchObject([{ accountId: one?.accountId }]);
    expect((await list({ q: '%' })).items).toEqual([]);
  });
});

describe('suspending an account', () => {
  it('ends what was issued in it, and bringing it back does not bring that back', async () => {
    const tenant = await newAccount(harness);
    const { epoch } = await rowOf(tenant.accountId);
    expect(await update(tenant.accountId, { status: 'suspended' })).toMatchObject({ status: 'suspended' });
    expect(await refusal(addUser(tenant, 'too-late'))).toMatchObject({ code: 'NoPermission' });
    expect(await userRow(harness.deps.db, tenant.accountId, 'too-late')).toBeUndefined();
    expect(await update(tenant.accountId, { status: 'active' })).toMatchObject({ status: 'active' });
    await addUser(tenant, 'again');
    expect((await rowOf(tenant.accountId)).epoch).toBe(epoch + 1);
  });

  it('is told in both logs', async () => {
    const tenant = await newAccount(harness);
    await update(tenant.accountId, { status: 'suspended' });
    const event = {
      action: 'postern:UpdateAccount',
      resource: `acs:postern:*:${tenant.accountId}:account/${tenant.accountId}`,
      details: { status: 'suspended' },
    };
    expect((await eventsOf(harness.deps.db, platform.accountId)).at(-1)).toMatchObject(event);
    expect((await eventsOf(harness.deps.db, tenant.accountId)).at(-1)).toMatchObject({
      ...event,
      actorVia: 'platform',
      actorUserId: null,
    });
  });

  it.each(['suspended', 'deleted'] as const)('the platform account itself cannot be %s', async (status) => {
    const attempt = status === 'deleted' ? remove(platform.accountId) : update(platform.accountId, { status });
    expect(await refusal(attempt)).toMatchObject({ code: 'DeleteConflict.Account' });
    expect(await rowOf(platform.accountId)).toMatchObject({ status: 'active', erasedFrom: null });
    expect((await eventsOf(harness.deps.db, platform.accountId)).at(-1)).toMatchObject({ outcome: 'refused' });
  });

  it('an account that never was is refused', async () => {
    const missing = '1234567890123456';
    for (const attempt of [read(missing), update(missing, { status: 'active' }), remove(missing)])
      expect(await refusal(attempt)).toMatchObject({ code: 'EntityNotExist.Account' });
  });
});

describe('quotas', () => {
  it('are set one by one, decide at once, and go back to the default with null', async () => {
    const tenant = await newAccount(harness);
    await update(tenant.accountId, { quotas: { usersQuota: 1, groupsQuota: 5 } });
    expect(await refusal(addUser(tenant, 'second'))).toMatchObject({ code: 'LimitExceeded.User' });
    const { quotas } = await update(tenant.accountId, { quotas: { usersQuota: null } });
    expect(quotas).toEqual({ ...defaultQuotas, groupsQuota: 5 });
    await addUser(tenant, 'second');
  });

  it.each([{ usersQuota: 0 }, { usersQuota: 2_000_000 }, { rolesQuota: 1 }])('%o is refused', async (quotas) => {
    const tenant = await newAccount(harness);
    expect(await refusal(update(tenant.accountId, { quotas }))).toMatchObject({ code: 'InvalidParameter' });
    expect((await read(tenant.accountId)).quotas).toEqual(defaultQuotas);
  });
});

describe('deleting an account', () => {
  it('ends it at once; within 30 days it comes back with what it held, but without what was issued', async () => {
    const tenant = await newAccount(harness);
    const { epoch } = await rowOf(tenant.accountId);
    await remove(tenant.accountId);
    expect(await findIssuer(harness.deps.db, tenant.alias)).toBeUndefined();
    expect(await refusal(addUser(tenant, 'too-late'))).toMatchObject({ code: 'NoPermission' });
    const deleted = await read(tenant.accountId);
    const days = ((deleted.erasedFrom?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect([deleted.status, days > 29.9, days < 30.1]).toEqual(['deleted', true, true]);
    expect(await update(tenant.accountId, { status: 'active' })).toMatchObject({ status: 'active', erasedFrom: null });
    await addUser(tenant, 'again');
    expect((await rowOf(tenant.accountId)).epoch).toBe(epoch + 1);
  });

  it('a second time changes nothing, not even when it is erased', async () => {
    const tenant = await newAccount(harness);
    await remove(tenant.accountId);
    const first = await rowOf(tenant.accountId);
    await remove(tenant.accountId);
    expect(await rowOf(tenant.accountId)).toEqual(first);
  });

  it('gives its name to nobody else', async () => {
    const tenant = await newAccount(harness);
    await remove(tenant.accountId);
    expect(await refusal(create(tenant.alias))).toMatchObject({ code: 'EntityAlreadyExists.AccountAlias' });
  });

  it('once its time is over is final', async () => {
    const tenant = await newAccount(harness);
    await remove(tenant.accountId);
    await harness.deps.db
      .update(accounts)
      .set({ erasedFrom: sql`null` })
      .where(eq(accounts.accountId, tenant.accountId));
    for (const attempt of [read(tenant.accountId), update(tenant.accountId, { status: 'active' })])
      expect(await refusal(attempt)).toMatchObject({ code: 'EntityNotExist.Account' });
    expect((await rowOf(tenant.accountId)).status).toBe('deleted');
  });
});
