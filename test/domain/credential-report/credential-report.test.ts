import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUserId } from '../../../src/crypto/random-ids.ts';
import { setPasswordPolicy } from '../../../src/domain/accounts/password-policy-operations.ts';
import {
  type CredentialReportItem,
  getCredentialReport,
} from '../../../src/domain/credential-report/get-credential-report.ts';
import { createAccessKey, updateAccessKey } from '../../../src/domain/access-keys/access-key-operations.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { insertUsers } from '../../../src/domain/users/users-store.ts';
import { mfaDevices } from '../../../src/storage/db/schema/mfa-devices.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const report = (input: unknown = {}, caller = account.admin) =>
  performOperation(harness.deps, caller, getCredentialReport, input);
const itemOf = async (userName: string): Promise<CredentialReportItem> => {
  const item = (await report()).items.find((one) => one.userName === userName);
  if (item === undefined) throw new Error('no such row');
  return item;
};
const create = (user: object) =>
  performOperation(harness.deps, account.admin, createUser, { users: [{ displayName: 'X', ...user }] });

describe('the credential report', () => {
  test('tells of every user what they can log on with, and when it was made and used', async () => {
    await performOperation(harness.deps, account.admin, setPasswordPolicy, { policy: { maxPasswordAge: 90 } });
    const { items } = await create({ userName: 'alice', consoleLogon: {}, programmaticAccess: true });
    const userId = items[0]?.user.userId ?? '';
    const second = await performOperation(harness.deps, account.admin, createAccessKey, { userName: 'alice' });
    await performOperation(harness.deps, account.admin, updateAccessKey, {
      ...{ userName: 'alice', accessKeyId: second.accessKey.id, changes: { status: 'inactive' } },
    });
    await harness.deps.db.insert(mfaDevices).values({
      ...{ mfaDeviceId: `mfa_${userId}`, accountId: account.accountId, userId, type: 'totp', name: 'app' },
      secretSealed: 'x',
    });
    await harness.deps.db.update(users).set({ lastLogonAt: sql`now()` }).where(sql`${users.userId} = ${userId}`);
    const alice = await itemOf('alice');
    expect(alice).toMatchObject({
      logonName: `alice@${account.alias}.logon.example.com`,
      lastLogonAt: expect.any(Date),
      password: { active: true, lastChangedAt: expect.any(Date), nextRotationAt: expect.any(Date) },
      mfaActive: true,
      accessKeys: [{ accessKeyId: items[0]?.accessKey?.id, active: true, lastUsedAt: null }, { active: false }],
    });
    expect((await report()).mostAccessKeys).toBe(2);
  });

  test('of who has nothing says so', async () => {
    await create({ userName: 'bob' });
    expect(await itemOf('bob')).toMatchObject({ password: null, mfaActive: false, accessKeys: [], lastLogonAt: null });
  });

  test('of who is frozen calls nothing active', async () => {
    await create({ userName: 'carol', consoleLogon: {}, programmaticAccess: true });
    await performOperation(harness.deps, account.admin, updateUser, {
      ...{ user: { userName: 'carol' }, changes: { status: 'frozen' } },
    });
    expect(await itemOf('carol')).toMatchObject({ password: { active: false }, accessKeys: [{ active: false }] });
  });

  test('comes page by page, everybody once, nobody of another account', async () => {
    const other = await newAccount(harness);
    await newUser(harness.deps.db, other.accountId, 'stranger');
    const names = Array.from({ length: 25 }, (_none, at) => `user-${String(at).padStart(2, '0')}`);
    await insertUsers(
      harness.deps.db,
      names.map((userName) => ({
        ...{ userId: newUserId(), accountId: account.accountId, userName, userNameKey: userName, displayName: 'U' },
      })),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await report({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ userName }) => userName));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['admin', ...names]);
  });

  test('is for those who may read it', async () => {
    const alice = await newUser(harness.deps.db, account.accountId, 'alice');
    expect((await refusal(report({}, alice))).code).toBe('NoPermission');
    const auditor = await newUser(harness.deps.db, account.accountId, 'auditor', ['AliyunRAMReadOnlyAccess']);
    expect((await report({}, auditor)).items.length).toBeGreaterThan(0);
  });

  test('takes no cursor of another list or account', async () => {
    const other = await newAccount(harness);
    await newUser(harness.deps.db, account.accountId, 'zoe');
    const { nextCursor } = await report({ limit: 1 });
    const attempt = performOperation(harness.deps, other.admin, getCredentialReport, { cursor: nextCursor });
    expect((await refusal(attempt)).code).toBe('InvalidParameter');
  });
});
