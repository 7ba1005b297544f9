import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKey,
  listAccessKeys,
  updateAccessKey,
} from '../../../src/domain/access-keys/access-key-operations.ts';
import { verifyAccessKeySecret } from '../../../src/domain/access-keys/access-key-secrets.ts';
import { findAccessKeyForAuthentication } from '../../../src/domain/access-keys/access-keys-store.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
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
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  await newUser(harness.deps.db, account.accountId, 'alice');
});
afterAll(() => harness.close());

const create = (userName = 'alice') => performOperation(harness.deps, account.admin, createAccessKey, { userName });
const setStatus = (accessKeyId: string, status: string) =>
  performOperation(harness.deps, account.admin, updateAccessKey, {
    userName: 'alice',
    accessKeyId,
    changes: { status },
  });
const rowOf = async (accessKeyId: string) =>
  (await harness.deps.db.select().from(accessKeys).where(eq(accessKeys.accessKeyId, accessKeyId)))[0];
const usable = (accessKeyId: string) => findAccessKeyForAuthentication(harness.deps.db, accessKeyId);

describe('creating', () => {
  test('shows the secret once: it verifies, and stands nowhere in the store or the log', async () => {
    const { accessKey, secret } = await create();
    expect(accessKey.id).toMatch(/^PSTK[A-Za-z0-9]{20}$/);
    expect(secret).toMatch(/^[A-Za-z0-9]{30}$/);
    const key = await usable(accessKey.id);
    if (key === undefined) throw new Error('the new key is not usable');
    expect(verifyAccessKeySecret(harness.deps.keyRing, key, secret)).toBe(true);
    for (const wrong of ['', `${secret}x`, secret.slice(1), secret.toLowerCase()]) {
      expect(verifyAccessKeySecret(harness.deps.keyRing, key, wrong)).toBe(false);
    }
    const { items } = await performOperation(harness.deps, account.admin, listAccessKeys, { userName: 'alice' });
    const stored = JSON.stringify([
      items,
      await rowOf(accessKey.id),
      await eventsOf(harness.deps.db, account.accountId),
    ]);
    expect(stored).not.toContain(secret);
  });

  test('twenty at once makes exactly two', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => create()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'LimitExceeded.User.AccessKey' });
    }
    const { items } = await performOperation(harness.deps, account.admin, listAccessKeys, { userName: 'alice' });
    expect(items).toHaveLength(2);
  });

  test('a deleted key makes room for another', async () => {
    const [first] = [await create(), await create()];
    await performOperation(harness.deps, account.admin, deleteAccessKey, {
      userName: 'alice',
      accessKeyId: first.accessKey.id,
    });
    await create();
    expect((await refusal(create())).code).toBe('LimitExceeded.User.AccessKey');
  });

  test('for somebody who is not there, or a platform administrator by a mere administrator, is refused', async () => {
    expect((await refusal(create('nobody'))).code).toBe('EntityNotExist.User');
    account = await newAccount(harness, { isPlatform: true });
    const root = await newUser(harness.deps.db, account.accountId, 'root', ['PlatformAdministratorAccess']);
    expect((await refusal(create('root'))).code).toBe('NoPermission');
    expect(await harness.deps.db.$count(accessKeys, eq(accessKeys.userId, root.userId))).toBe(0);
  });
});

describe('a key', () => {
  test('moved to another row does not open', async () => {
    const [one, other] = [await create(), await create()];
    const [key, place] = [await usable(one.accessKey.id), await usable(other.accessKey.id)];
    if (key === undefined || place === undefined) throw new Error('the new keys are not usable');
    const moved = { ...place, secretSealed: key.secretSealed };
    expect(() => verifyAccessKeySecret(harness.deps.keyRing, moved, one.secret)).toThrow();
  });

  test('that is disabled is not usable, and what was made with it dies; enabling brings back the key alone', async () => {
    const { accessKey } = await create();
    const before = await rowOf(accessKey.id);
    expect((await setStatus(accessKey.id, 'inactive')).status).toBe('inactive');
    expect(await usable(accessKey.id)).toBeUndefined();
    const disabled = await rowOf(accessKey.id);
    expect(disabled?.epoch).toBeGreaterThan(before?.epoch ?? 0);
    await setStatus(accessKey.id, 'active');
    expect(await usable(accessKey.id)).toMatchObject({ epoch: disabled?.epoch });
  });

  test.each([
    [
      'its time is over',
      async (id: string) => {
        await harness.deps.db
          .update(accessKeys)
          .set({ expiresAt: sql`now() - interval '1 second'` })
          .where(eq(accessKeys.accessKeyId, id));
      },
    ],
    [
      'its user is frozen',
      async () => {
        await performOperation(harness.deps, account.admin, updateUser, {
          user: { userName: 'alice' },
          changes: { status: 'frozen' },
        });
      },
    ],
    [
      'its account is suspended',
      async () => {
        await harness.deps.db
          .update(accounts)
          .set({ status: 'suspended' })
          .where(eq(accounts.accountId, account.accountId));
      },
    ],
    [
      'it is deleted',
      async (accessKeyId: string) => {
        await performOperation(harness.deps, account.admin, deleteAccessKey, { userName: 'alice', accessKeyId });
      },
    ],
  ])('is not usable when %s', async (_case, end) => {
    const { accessKey } = await create();
    expect(await usable(accessKey.id)).toBeDefined();
    await end(accessKey.id);
    expect(await usable(accessKey.id)).toBeUndefined();
  });

  test('of another user of the account is not reached through this one', async () => {
    const { accessKey } = await create();
    const input = { userName: 'admin', accessKeyId: accessKey.id };
    for (const operation of [getAccessKey, deleteAccessKey]) {
      const attempt = performOperation<typeof input, undefined, unknown>(harness.deps, account.admin, operation, input);
      expect((await refusal(attempt)).code).toBe('EntityNotExist.User.AccessKey');
    }
    expect(await usable(accessKey.id)).toBeDefined();
  });

  test.each(['Active', 'deleted', '', null])('refuses the status %j', async (status) => {
    const { accessKey } = await create();
    expect((await refusal(setStatus(accessKey.id, String(status)))).code).toBe('InvalidParameter');
    expect(await usable(accessKey.id)).toBeDefined();
  });
});
