import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessKey } from '../../../src/domain/access-keys/access-key-operations.ts';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import { getAccountSummary } from '../../../src/domain/accounts/account-summary.ts';
import { defaultQuotas, loadQuotas, quotaChanges, readQuotas } from '../../../src/domain/accounts/quotas.ts';
import { createApplicationSecret } from '../../../src/domain/applications/application-secrets.ts';
import { createApplication } from '../../../src/domain/applications/create-application.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const withQuotas = async (quotas: Readonly<Record<string, unknown>>): Promise<TestAccount> => {
  const account = await newAccount(harness);
  await saveAccountSettings(harness.deps.db, account.accountId, { quotas });
  return account;
};
const summaryOf = ({ admin }: TestAccount) => performOperation(harness.deps, admin, getAccountSummary, {});

it("are RAM's unless something else is set, and what a release does not know is dropped", () => {
  expect(readQuotas(undefined)).toEqual(defaultQuotas);
  expect(readQuotas({ usersQuota: 7, rolesQuota: 9 })).toEqual({ ...defaultQuotas, usersQuota: 7 });
});

it.each([
  { usersQuota: 0 },
  { usersQuota: 1_000_001 },
  { usersQuota: 1.5 },
  { usersQuota: '7' },
  { policySizeQuota: 32_769 },
  { unheardOfQuota: 1 },
])('a quota that makes no sense is refused: %o', (changes) => {
  expect(quotaChanges.safeParse(changes).success).toBe(false);
});

it('what is set for one account is not set for another', async () => {
  const [one, other] = [await withQuotas({ groupsQuota: 2 }), await newAccount(harness)];
  expect((await loadQuotas(harness.deps.db, one.accountId)).groupsQuota).toBe(2);
  expect((await loadQuotas(harness.deps.db, other.accountId)).groupsQuota).toBe(300);
});

describe('decide', () => {
  it('how many users there are', async () => {
    const account = await withQuotas({ usersQuota: 2 });
    const create = (userName: string) =>
      performOperation(harness.deps, account.admin, createUser, { users: [{ userName, displayName: userName }] });
    await create('second');
    expect(await refusal(create('third'))).toMatchObject({ code: 'LimitExceeded.User' });
    expect((await summaryOf(account)).users).toBe(2);
  });

  it('how many access keys a user has', async () => {
    const account = await withQuotas({ accessKeysPerUserQuota: 3 });
    const create = () => performOperation(harness.deps, account.admin, createAccessKey, { userName: 'admin' });
    for (let made = 0; made < 3; made += 1) await create();
    expect(await refusal(create())).toMatchObject({ code: 'LimitExceeded.User.AccessKey' });
  });

  it('how many applications there are, and how many secrets each has', async () => {
    const account = await withQuotas({ applicationsQuota: 1, secretsPerApplicationQuota: 2 });
    const { deps } = harness;
    const input = { displayName: 'App', type: 'web', redirectUris: ['https://app.example.com/callback'] };
    const { application } = await performOperation(deps, account.admin, createApplication, input);
    expect(await refusal(performOperation(deps, account.admin, createApplication, input))).toMatchObject({
      code: 'LimitExceeded.Application',
    });
    expect((await summaryOf(account)).applications).toBe(1);
    const newSecret = () =>
      performOperation(deps, account.admin, createApplicationSecret, { clientId: application.clientId, options: {} });
    await newSecret();
    expect(await refusal(newSecret())).toMatchObject({ code: 'LimitExceeded.Application.Secret' });
  });
});

it('the summary counts what the account holds, and nothing of others', async () => {
  const account = await withQuotas({ usersQuota: 9 });
  await newUser(harness.deps.db, (await newAccount(harness)).accountId, 'elsewhere');
  expect(await summaryOf(account)).toEqual({
    ...{ users: 1, groups: 0, policies: 0, applications: 0, mfaDevices: 0, signingKeys: 0 },
    ...{ ...defaultQuotas, usersQuota: 9 },
  });
});

it('whoever may do nothing sees no summary', async () => {
  const { accountId } = await newAccount(harness);
  const nobody = await newUser(harness.deps.db, accountId, 'nobody');
  expect(await refusal(performOperation(harness.deps, nobody, getAccountSummary, {}))).toMatchObject({
    code: 'NoPermission',
  });
});
