import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAccountAliases } from '../../../src/domain/accounts/account-aliases.ts';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import { updateTenant } from '../../../src/domain/accounts/platform/change-tenants.ts';
import { createTenant } from '../../../src/domain/accounts/platform/create-tenant.ts';
import { eraseDueAccounts } from '../../../src/domain/accounts/platform/erase-due-accounts.ts';
import { updateAccount } from '../../../src/domain/accounts/update-account.ts';
import { AppError } from '../../../src/domain/app-error.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import {
  listSigningKeys,
  retireSigningKey,
  rotateSigningKey,
} from '../../../src/domain/signing-keys/signing-key-operations.ts';
import { addSigningKey, generateSigningKey, loadIssuerKeys } from '../../../src/domain/signing-keys/signing-keys.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, newAccount, newUser, type TestAccount } from '../operation-harness.ts';

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes
    .map((one) => {
      if (one.status === 'fulfilled') return 'done';
      if (one.reason instanceof AppError) return one.reason.code;
      throw new Error('an attempt failed in an unexpected way', { cause: one.reason });
    })
    .toSorted();
const of = (code: string, times: number): string[] => Array<string>(times).fill(code);
const newName = (): string => `n${randomBytes(6).toString('hex')}`;

describe.each(databaseServers)('accounts at once, on %s', (_name, openOn) => {
  let harness: Harness;
  let operator: Caller;
  beforeAll(async () => {
    harness = await openOn();
    const platform = await newAccount(harness, { isPlatform: true });
    operator = await newUser(harness.deps.db, platform.accountId, 'operator', ['PlatformAdministratorAccess']);
  });
  afterAll(() => harness.close());

  const rename = ({ admin }: TestAccount, alias: string) =>
    performOperation(harness.deps, admin, updateAccount, { changes: { alias } });
  const namesOf = async ({ admin }: TestAccount) =>
    (await performOperation(harness.deps, admin, listAccountAliases, {})).items;

  test('twenty accounts want one name: exactly one gets it, the others keep theirs', async () => {
    const rivals = await Promise.all(Array.from({ length: 20 }, () => newAccount(harness)));
    const contested = newName();
    const codes = codesOf(await Promise.allSettled(rivals.map((rival) => rename(rival, contested))));
    expect(codes).toEqual([...of('EntityAlreadyExists.AccountAlias', 19), 'done']);
    const held = await Promise.all(rivals.map(namesOf));
    expect(held.filter((names) => names.length === 2)).toHaveLength(1);
    expect(held.flat()).toHaveLength(21);
    expect(held.every((names) => names.filter(({ state }) => state === 'current').length === 1)).toBe(true);
  });

  test('twenty renames of one account: one name is the present one, and no more are kept than the quota has', async () => {
    const account = await newAccount(harness);
    await saveAccountSettings(harness.deps.db, account.accountId, { quotas: { accountAliasesQuota: 5 } });
    const codes = codesOf(await Promise.allSettled(Array.from({ length: 20 }, () => rename(account, newName()))));
    expect(codes).toEqual([...of('LimitExceeded.AccountAlias', 16), ...of('done', 4)]);
    const names = await namesOf(account);
    expect([names.length, names.filter(({ state }) => state === 'current').length]).toEqual([5, 1]);
  });

  test('twenty new accounts of one name: one is made, and nothing is left of the others', async () => {
    const before = await harness.deps.db.$count(accounts);
    const input = { alias: newName(), adminUserName: 'root' };
    const attempts = Array.from({ length: 20 }, () => performOperation(harness.deps, operator, createTenant, input));
    const codes = codesOf(await Promise.allSettled(attempts));
    expect(codes).toEqual([...of('EntityAlreadyExists.AccountAlias', 19), 'done']);
    expect(await harness.deps.db.$count(accounts)).toBe(before + 1);
  });

  test('twenty rotations: as many keys as the quota has room for', async () => {
    const account = await newAccount(harness);
    await saveAccountSettings(harness.deps.db, account.accountId, { quotas: { signingKeysQuota: 4 } });
    const rotate = () => performOperation(harness.deps, account.admin, rotateSigningKey, { alg: 'ES256' });
    const codes = codesOf(await Promise.allSettled(Array.from({ length: 20 }, rotate)));
    expect(codes).toEqual([...of('LimitExceeded.SigningKey', 16), ...of('done', 4)]);
    expect((await performOperation(harness.deps, account.admin, listSigningKeys, {})).items).toHaveLength(4);
  });

  test('all keys are retired: one that signs stays', async () => {
    const account = await newAccount(harness);
    const kids: string[] = [];
    for (let made = 0; made < 6; made += 1)
      kids.push(await addSigningKey(harness.deps, account.accountId, await generateSigningKey('ES256'), 0));
    const attempts = kids.map((kid) => performOperation(harness.deps, account.admin, retireSigningKey, { kid }));
    expect(codesOf(await Promise.allSettled(attempts))).toEqual(['DeleteConflict.SigningKey', ...of('done', 5)]);
    expect((await loadIssuerKeys(harness.deps, account.accountId)).keys).toHaveLength(1);
  });

  test('an account is brought back while it is erased: it is wholly there, or wholly gone', async () => {
    const due = await Promise.all(Array.from({ length: 8 }, () => newAccount(harness)));
    for (const { accountId } of due)
      await harness.deps.db
        .update(accounts)
        .set({ status: 'deleted', erasedFrom: sql`now() - interval '1 day'` })
        .where(eq(accounts.accountId, accountId));
    const bringBack = ({ accountId }: TestAccount) =>
      performOperation(harness.deps, operator, updateTenant, { accountId, changes: { status: 'active' } });
    const erasing = [eraseDueAccounts(harness.deps.db, 10), eraseDueAccounts(harness.deps.db, 10)];
    const outcomes = await Promise.allSettled(due.map(bringBack));
    const erased = (await Promise.all(erasing)).reduce((sum, one) => sum + one, 0);
    expect(codesOf(outcomes)).toEqual([...of('EntityNotExist.Account', erased), ...of('done', 8 - erased)]);
    for (const [index, { accountId }] of due.entries()) {
      const back = outcomes[index]?.status === 'fulfilled';
      expect(await harness.deps.db.$count(users, eq(users.accountId, accountId))).toBe(back ? 1 : 0);
    }
  });
});
