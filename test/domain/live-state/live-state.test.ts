import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLiveState, type LiveState } from '../../../src/domain/live-state/live-state.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { generateAccessKey } from '../../../src/domain/access-keys/access-key-secrets.ts';
import { insertAccessKeys } from '../../../src/domain/access-keys/access-keys-store.ts';
import { raiseUserEpoch, updateUser } from '../../../src/domain/users/users-store.ts';
import type { Database } from '../../../src/storage/db/database.ts';
import { openPostgres } from '../../../src/storage/db/postgres.ts';
import { accessKeys } from '../../../src/storage/db/schema/access-keys.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { describeWithPostgres } from '../../support/describe-with-servers.ts';
import { startThrowawayPostgres } from '../../support/throwaway-postgres.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';

interface Opened {
  readonly harness: Harness;
  readonly close: () => Promise<void>;
}

describe('live state over the embedded database', () => {
  liveStates(async () => {
    const harness = await openHarness();
    return { harness, close: harness.close };
  });
});
describeWithPostgres('live state over Postgres', () => {
  liveStates(async () => {
    const server = await startThrowawayPostgres();
    const harness = await openHarness(() => openPostgres({ url: server.url }));
    return {
      harness,
      close: async () => {
        await harness.close();
        await server.stop();
      },
    };
  });
});

function liveStates(open: () => Promise<Opened>): void {
  let opened: Opened;
  let db: Database;
  let account: TestAccount;
  let user: Caller;
  let live: LiveState;
  beforeAll(async () => {
    opened = await open();
    ({ db } = opened.harness.deps);
    account = await newAccount(opened.harness);
    live = createLiveState(db);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    user = await newUser(db, account.accountId, `u${Math.random().toString(36).slice(2)}`);
  });

  const newKey = async (): Promise<string> => {
    const { rawSecret: _raw, ...key } = generateAccessKey(opened.harness.deps.keyRing, account.accountId);
    await insertAccessKeys(db, [{ userId: user.userId, accountId: account.accountId, ...key }]);
    return key.accessKeyId;
  };

  it('every change that was committed before the call is seen by it, again and again', async () => {
    for (let round = 0; round < 30; round += 1) {
      const status = round % 2 === 0 ? 'frozen' : 'active';
      await updateUser(db, user.userId, { status });
      expect((await live.read('user', user.userId))?.active).toBe(status === 'active');
    }
  });

  it('a change is seen by calls made after it, though earlier calls are still under way', async () => {
    for (let round = 0; round < 20; round += 1) {
      const before = Array.from({ length: 10 }, () => live.read('user', user.userId));
      await raiseUserEpoch(db, user.userId);
      const [row] = await db.select({ epoch: users.epoch }).from(users).where(eq(users.userId, user.userId));
      const after = await Promise.all(Array.from({ length: 10 }, () => live.read('user', user.userId)));
      expect(after.map((principal) => principal?.epoch)).toEqual(Array.from({ length: 10 }, () => row?.epoch));
      await Promise.all(before);
    }
  });

  it('many at once are each told of their own principal, of whatever kind', async () => {
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, i) => newUser(db, account.accountId, `many-${user.userName}-${i}`)),
    );
    const key = await newKey();
    const asked = await Promise.all([
      ...others.map(({ userId }) => live.read('user', userId)),
      live.read('account', account.accountId),
      live.read('accessKey', key),
      live.read('user', '100000000000000000'),
      live.read('application', 'app_00000000000000000000'),
      live.read('account', others[0]?.userId ?? ''),
    ]);
    expect(
      asked.slice(0, 20).every((principal) => principal?.active === true && principal.accountId === account.accountId),
    ).toBe(true);
    expect(asked[20]).toMatchObject({ accountId: account.accountId, active: true });
    expect(asked[21]).toMatchObject({ active: true, userId: user.userId, userEpoch: 1 });
    expect(asked.slice(22)).toEqual([undefined, undefined, undefined]);
  });

  it('numbers come as numbers, whatever the driver', async () => {
    const key = await newKey();
    const principals = [
      await live.read('user', user.userId),
      await live.read('account', account.accountId),
      await live.read('accessKey', key),
    ];
    for (const principal of principals) {
      expect(typeof principal?.revision).toBe('number');
      expect(typeof principal?.epoch).toBe('number');
      expect(typeof principal?.active).toBe('boolean');
    }
    expect(typeof principals[2]?.userEpoch).toBe('number');
    expect(principals[0]?.userEpoch).toBeNull();
  });

  it("an access key is dead while it is disabled, past its end, or its user is frozen; the user's epoch comes with it", async () => {
    const key = await newKey();
    const isActive = async () => (await live.read('accessKey', key))?.active;
    const change = (set: Partial<typeof accessKeys.$inferInsert>) =>
      db.update(accessKeys).set(set).where(eq(accessKeys.accessKeyId, key));
    await change({ status: 'inactive' });
    expect(await isActive()).toBe(false);
    await change({ status: 'active', expiresAt: new Date(Date.now() - 60_000) });
    expect(await isActive()).toBe(false);
    await change({ expiresAt: new Date(Date.now() + 60_000) });
    expect(await isActive()).toBe(true);
    await updateUser(db, user.userId, { status: 'frozen' });
    expect(await isActive()).toBe(false);
    await updateUser(db, user.userId, { status: 'active' });
    await raiseUserEpoch(db, user.userId);
    expect((await live.read('accessKey', key))?.userEpoch).toBe((await live.read('user', user.userId))?.epoch);
  });

  it('a suspended account is not active, and its revision has risen', async () => {
    const other = await newAccount(opened.harness);
    const before = await live.read('account', other.accountId);
    await db.update(accounts).set({ status: 'suspended' }).where(eq(accounts.accountId, other.accountId));
    const after = await live.read('account', other.accountId);
    expect(after?.active).toBe(false);
    expect(after?.revision).toBeGreaterThan(before?.revision ?? Number.NaN);
  });

  it.each(['', "1' or '1'='1", 'a,b', 'x'.repeat(65), '{1}', '%', 'é', 'a b', '\u0000'])(
    '"%s" is nobody, and is not even asked for',
    async (id) => {
      expect(await live.read('user', id)).toBeUndefined();
    },
  );
}
