import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findIssuer, insertAccount, insertCurrentAlias } from '../../../src/domain/accounts/accounts-store.ts';
import { createAccount } from '../../../src/domain/accounts/create-account.ts';
import { newAccountId } from '../../../src/crypto/random-ids.ts';
import { accounts, aliases } from '../../../src/storage/db/schema/accounts.ts';
import { accessKeys } from '../../../src/storage/db/schema/access-keys.ts';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { userPolicies } from '../../../src/storage/db/schema/policy-attachments.ts';
import { eventsOf, type Harness, openHarness, refusal, userRow } from '../operation-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const create = (alias: string, isPlatform = false) =>
  createAccount(harness.deps, { alias, adminUserName: 'Admin', isPlatform });

it('makes an account whose administrator must choose a password, and whose first key ends', async () => {
  const { db } = harness.deps;
  const handover = await create('first-one', true);
  expect(handover).toMatchObject({ alias: 'first-one', adminUserName: 'Admin', publicUrl: 'https://id.example.com' });
  expect(handover.accountId).toMatch(/^[1-9][0-9]{15}$/);
  const admin = await userRow(db, handover.accountId, 'admin');
  const [profile] = await db
    .select()
    .from(loginProfiles)
    .where(eq(loginProfiles.userId, admin?.userId ?? ''));
  expect(profile).toMatchObject({
    resetRequired: true,
    status: 'active',
    initialPasswordExpiresAt: expect.any(Date) as Date,
  });
  expect(await harness.deps.passwordHasher.verify(handover.initialPassword, profile?.passwordHash)).toBe(true);
  const [key] = await db.select().from(accessKeys).where(eq(accessKeys.accessKeyId, handover.accessKeyId));
  expect(key).toMatchObject({ name: 'bootstrap', userId: admin?.userId });
  const days = ((key?.expiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect([days > 29, days <= 30.01]).toEqual([true, true]);
  const policies = await db.select().from(userPolicies).where(eq(userPolicies.accountId, handover.accountId));
  expect(policies.map(({ policyName }) => policyName).sort()).toEqual([
    'AdministratorAccess',
    'PlatformAdministratorAccess',
  ]);
});

it('no secret of the handover stands in the database or the audit log as it is', async () => {
  const { db } = harness.deps;
  const handover = await create('no-secrets');
  const rows = [
    await eventsOf(db, handover.accountId),
    await db.select().from(accessKeys),
    await db.select().from(loginProfiles),
  ];
  const text = JSON.stringify(rows);
  expect(text).not.toContain(handover.accessKeySecret);
  expect(text).not.toContain(handover.initialPassword);
});

it('an administrator of another account than the first is none of the platform', async () => {
  const { accountId } = await create('second-one');
  const policies = await harness.deps.db.select().from(userPolicies).where(eq(userPolicies.accountId, accountId));
  expect(policies.map(({ policyName }) => policyName)).toEqual(['AdministratorAccess']);
});

it('of racing callers one gets an alias, the others nothing at all', async () => {
  const { db } = harness.deps;
  const before = await db.$count(accounts);
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => create('contested')));
  const winners = results.filter(({ status }) => status === 'fulfilled');
  expect(winners.length).toBe(1);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'EntityAlreadyExists.AccountAlias' });
  }
  expect(await db.$count(accounts)).toBe(before + 1);
});

it('a bad alias is refused with its fault, and nothing is made', async () => {
  const before = await harness.deps.db.$count(accounts);
  const error = await refusal(create('Not An Alias'));
  expect(error).toMatchObject({ code: 'InvalidParameter', faults: [{ pointer: '/alias' }] });
  expect(await harness.deps.db.$count(accounts)).toBe(before);
});

it('an issuer is found by every name the account has, and says which is the present one', async () => {
  const { db } = harness.deps;
  const { accountId } = await create('renamed-now');
  await db.insert(aliases).values([
    { alias: 'renamed-away', accountId, state: 'former' },
    { alias: 'switched-off', accountId, state: 'released' },
  ]);
  for (const name of ['renamed-now', 'renamed-away', accountId]) {
    expect(await findIssuer(db, name)).toMatchObject({ accountId, currentAlias: 'renamed-now', status: 'active' });
  }
  expect(await findIssuer(db, 'switched-off')).toBeUndefined();
  expect(await findIssuer(db, 'never-there')).toBeUndefined();
});

it("an account without an alias goes by its id, never by another account's alias", async () => {
  const { db } = harness.deps;
  const accountId = newAccountId();
  await insertAccount(db, { accountId, isPlatform: false });
  expect(await findIssuer(db, accountId)).toMatchObject({ accountId, currentAlias: accountId });
});

it.each(['current', 'former', 'released'] as const)(
  'an alias that is or was %s is never given to another account',
  async (state) => {
    const { db } = harness.deps;
    const { accountId } = await create(`owner-${state}`);
    const other = newAccountId();
    await insertAccount(db, { accountId: other, isPlatform: false });
    await db.update(aliases).set({ state }).where(eq(aliases.accountId, accountId));
    expect(await insertCurrentAlias(db, `owner-${state}`, other)).toBe(false);
    expect(await refusal(create(`owner-${state}`))).toMatchObject({ code: 'EntityAlreadyExists.AccountAlias' });
  },
);

it('a deleted account is no issuer under any name', async () => {
  const { db } = harness.deps;
  const { accountId } = await create('deleted-one');
  await db.update(accounts).set({ status: 'deleted' }).where(eq(accounts.accountId, accountId));
  expect([await findIssuer(db, 'deleted-one'), await findIssuer(db, accountId)]).toEqual([undefined, undefined]);
});
