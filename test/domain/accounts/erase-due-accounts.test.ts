import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eraseDueAccounts } from '../../../src/domain/accounts/platform/erase-due-accounts.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import { applicationSecrets, applications } from '../../../src/storage/db/schema/applications.ts';
import { consents } from '../../../src/storage/db/schema/consents.ts';
import { groupMembers, groups } from '../../../src/storage/db/schema/groups.ts';
import { idempotencyKeys } from '../../../src/storage/db/schema/idempotency-keys.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import { logoutDeliveries, sessionEndings } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { mfaDevices, recoveryCodes } from '../../../src/storage/db/schema/mfa-devices.ts';
import { passwordHistory } from '../../../src/storage/db/schema/password-history.ts';
import { policies, policyVersions } from '../../../src/storage/db/schema/policies.ts';
import { groupPolicies } from '../../../src/storage/db/schema/policy-attachments.ts';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import { saveLogo } from '../../../src/domain/accounts/branding/logos-store.ts';
import { makeLogo } from '../../../src/domain/accounts/branding/make-logo.ts';
import { insertAuditEvent } from '../../../src/domain/audit/audit-store.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createAccessKey } from '../../../src/domain/access-keys/access-key-operations.ts';
import { addSigningKey, generateSigningKey } from '../../../src/domain/signing-keys/signing-keys.ts';
import { plainPng } from '../../support/png-files.ts';
import { eventsOf, type Harness, newAccount, openHarness, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let platform: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
  platform = await newAccount(harness, { isPlatform: true });
});
afterAll(() => harness.close());

/** A row of the account in every table that names accounts. */
async function fill(account: TestAccount): Promise<void> {
  const { db } = harness.deps;
  const { accountId, admin } = account;
  const { userId } = admin;
  const [clientId, groupId, policyNameKey] = [`app_${accountId}`, `g-${accountId}`, 'mine'];
  await performOperation(harness.deps, admin, createAccessKey, { userName: 'admin' });
  await addSigningKey(harness.deps, accountId, await generateSigningKey('ES256'), 0);
  await saveAccountSettings(db, accountId, { helpText: 'Ask Eve.' });
  await saveLogo(db, accountId, await makeLogo(plainPng(2, 1)));
  await db
    .insert(applications)
    .values({ clientId, accountId, displayName: 'App', type: 'web', redirectUris: [], postLogoutRedirectUris: [] });
  await db.insert(applicationSecrets).values({ secretId: `sec_${accountId}`, accountId, clientId, secretHash: 'x' });
  await db.insert(consents).values({ accountId, userId, clientId, granted: { scopes: [] } });
  await db.insert(groups).values({ groupId, accountId, groupName: 'g', groupNameKey: 'g' });
  await db.insert(groupMembers).values({ accountId, groupId, userId });
  await db.insert(groupPolicies).values({ accountId, groupId, policyType: 'custom', policyName: 'mine' });
  await db.insert(policies).values({ accountId, policyName: 'mine', policyNameKey, defaultVersionId: 'v1' });
  await db.insert(policyVersions).values({ accountId, policyNameKey, versionId: 'v1', document: '{}' });
  const device = { mfaDeviceId: `mfa_${accountId}`, accountId, userId, type: 'totp' as const };
  await db.insert(mfaDevices).values({ ...device, name: 'phone', secretSealed: 'x' });
  await db.insert(recoveryCodes).values({ recoveryCodeId: `rec_${accountId}`, accountId, userId, codeHash: 'x' });
  const seen = {
    knownDeviceId: `dev_${accountId}`,
    tokenHash: `x${accountId}`,
    accountEpoch: 1,
    userEpoch: 0,
    sourceIp: '192.0.2.1',
  };
  await db.insert(knownDevices).values({ ...seen, accountId, userId });
  await db.insert(passwordHistory).values({ accountId, userId, passwordHash: 'x' });
  const request = { keyHash: 'x', requestHash: 'x', status: 201, answer: {}, expiresAt: new Date() };
  await db.insert(idempotencyKeys).values({ accountId, userId, ...request });
  await db.insert(sessionEndings).values({ accountId });
  await db.insert(logoutDeliveries).values({ accountId, userId, clientId, issuerName: account.alias, sid: 'x' });
  const event = { actorVia: 'system', action: 'ram:Test', resource: '*', outcome: 'success', details: {} } as const;
  await insertAuditEvent(db, { accountId, ...event });
}

/** How many rows each table that names accounts has of this one. */
async function holdings(accountId: string): Promise<Record<string, number>> {
  const { db } = harness.deps;
  const found = (await db.execute(
    sql`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'account_id'`,
  )) as unknown as { rows: { name: string }[] };
  const counts = await Promise.all(
    found.rows.map(async ({ name }) => {
      const table = sql.identifier(name);
      const counted = (await db.execute(
        sql`select count(*)::int as rows from ${table} where account_id = ${accountId}`,
      )) as unknown as { rows: { rows: number }[] };
      return [name, counted.rows[0]?.rows ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
}

const deleteSince = async ({ accountId }: TestAccount, days: number): Promise<void> => {
  await harness.deps.db
    .update(accounts)
    .set({ status: 'deleted', erasedFrom: sql`now() + make_interval(days => ${30 - days})` })
    .where(eq(accounts.accountId, accountId));
};
const stateOf = async ({ accountId }: TestAccount) => {
  const [row] = await harness.deps.db.select().from(accounts).where(eq(accounts.accountId, accountId));
  return row;
};

it('leaves nothing of an account whose time is over but its id and its names, in any table', async () => {
  const account = await newAccount(harness);
  await fill(account);
  const before = await holdings(account.accountId);
  // A table that is empty here would prove nothing: fill it above.
  expect(Object.entries(before).filter(([, rows]) => rows === 0)).toEqual([]);
  await deleteSince(account, 31);
  expect(await eraseDueAccounts(harness.deps.db, 10)).toBe(1);
  const left = Object.entries(await holdings(account.accountId)).filter(([, rows]) => rows > 0);
  expect(Object.fromEntries(left)).toEqual({ accounts: 1, aliases: 1 });
  expect(await stateOf(account)).toMatchObject({ status: 'deleted', erasedFrom: null });
  expect((await eventsOf(harness.deps.db, platform.accountId)).at(-1)).toMatchObject({
    action: 'postern:EraseAccount',
    details: { accountId: account.accountId },
  });
});

it('touches no account that is active, suspended, or can still be brought back', async () => {
  const [active, suspended, waiting] = [
    await newAccount(harness),
    await newAccount(harness),
    await newAccount(harness),
  ];
  await harness.deps.db
    .update(accounts)
    .set({ status: 'suspended' })
    .where(eq(accounts.accountId, suspended.accountId));
  await deleteSince(waiting, 29);
  const accountIds = [active, suspended, waiting].map(({ accountId }) => accountId);
  const before = await Promise.all(accountIds.map(holdings));
  expect(await eraseDueAccounts(harness.deps.db, 10)).toBe(0);
  expect(await Promise.all(accountIds.map(holdings))).toEqual(before);
});

it('does as many as it is told, each once, and goes on with the rest', async () => {
  const due = [await newAccount(harness), await newAccount(harness), await newAccount(harness)];
  for (const account of due) await deleteSince(account, 40);
  expect(await eraseDueAccounts(harness.deps.db, 2)).toBe(2);
  const [first, second] = await Promise.all([
    eraseDueAccounts(harness.deps.db, 10),
    eraseDueAccounts(harness.deps.db, 10),
  ]);
  expect(first + second).toBe(1);
  expect(await Promise.all(due.map(stateOf))).toMatchObject(due.map(() => ({ erasedFrom: null })));
});
