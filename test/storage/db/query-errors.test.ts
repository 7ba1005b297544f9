import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, DatabaseHandle } from '../../../src/storage/db/database.ts';
import { migrate } from '../../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../../src/storage/db/pglite.ts';
import { openPostgres } from '../../../src/storage/db/postgres.ts';
import { isOutage, toQueryError } from '../../../src/storage/db/query-errors.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { isUniqueViolation } from '../../../src/storage/db/violations.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { describeWithPostgres } from '../../support/describe-with-servers.ts';
import { startThrowawayPostgres } from '../../support/throwaway-postgres.ts';

const accountId = '1000000000000001';
const alice = { userId: '1', accountId, userName: 'alice', userNameKey: 'canary-key', displayName: 'canary-name' };

describeWithPostgres('what Postgres refuses', () => {
  describeRefusals(async () => {
    const server = await startThrowawayPostgres();
    const handle = await openPostgres({ url: server.url });
    return { ...handle, close: () => handle.close().then(server.stop) };
  });
});

describe('what the embedded database refuses', () => {
  describeRefusals(() => openEmbedded('memory'));
});

describe('an outage', () => {
  it.each(['08006', '08P01', '57P01', '57P02', '57P03', '53300', '57014', '25006', 'ECONNREFUSED', 'CONNECT_TIMEOUT'])(
    '%s is one, however deep among the causes',
    (code) => {
      const driverError = Object.assign(new Error('lost'), { code });
      expect(isOutage(new Error('outer', { cause: new Error('inner', { cause: driverError }) }))).toBe(true);
    },
  );

  it.each(['23505', '23503', '42P01', '40001', '40P01', '28P01', '22P02', 'ERR_INVALID_ARG_TYPE'])(
    '%s is none',
    (code) => {
      expect(isOutage(Object.assign(new Error('refused'), { code }))).toBe(false);
    },
  );

  it.each(['40P01', '40001'])('%s can be tried again like one, on the same connection', (code) => {
    const undone = Object.assign(new Error('undone for another'), { code, detail: 'canary' });
    const told = toQueryError(new DrizzleQueryError('update', ['canary'], undone));
    expect(told).toBeInstanceOf(StoreUnavailableError);
    expect(inspect(told, { depth: 5 })).not.toContain('canary');
    expect(isOutage(undone)).toBe(false);
  });

  it.each(['23505', '42P01'])('%s stays what it is', (code) => {
    expect(toQueryError(Object.assign(new Error('refused'), { code }))).not.toBeInstanceOf(StoreUnavailableError);
  });

  it('nothing but an error is one', () => {
    expect([undefined, null, 'ECONNREFUSED', { code: 'ECONNREFUSED' }].map(isOutage)).toEqual(Array(4).fill(false));
  });
});

function describeRefusals(open: () => Promise<DatabaseHandle>): void {
  let handle: DatabaseHandle;
  let db: Database;
  beforeAll(async () => {
    handle = await open();
    db = handle.db;
    await migrate(db);
    await db.insert(accounts).values({ accountId });
    await db.insert(users).values(alice);
  });
  afterAll(() => handle.close());

  const refusalOf = (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => 'accepted',
      (error: unknown) => error,
    );

  it('a taken name is told from other refusals, by the name of its constraint', async () => {
    const refusal = await refusalOf(db.insert(users).values({ ...alice, userId: '2' }));
    expect(isUniqueViolation(refusal)).toBe(true);
    expect(isUniqueViolation(refusal, 'users_account_name')).toBe(true);
    expect(isUniqueViolation(refusal, 'users_pkey')).toBe(false);
    expect(isUniqueViolation(await refusalOf(db.insert(users).values(alice)), 'users_pkey')).toBe(true);
    expect(isUniqueViolation(await refusalOf(db.insert(users).values({ ...alice, accountId: '9', userId: '3' })))).toBe(
      false,
    );
    expect(isUniqueViolation(undefined)).toBe(false);
  });

  it('a refusal is no outage, and the connection goes on', async () => {
    expect(await refusalOf(db.execute(sql`select no_such_column`))).not.toBeInstanceOf(StoreUnavailableError);
    await handle.ping();
  });

  it('a refusal within a transaction undoes it, and one within a savepoint undoes that alone', async () => {
    await refusalOf(
      db.transaction(async (transaction) => {
        await transaction.insert(users).values({ ...alice, userId: '5', userNameKey: 'five' });
        await transaction.insert(users).values(alice);
      }),
    );
    await db.transaction(async (transaction) => {
      await transaction.insert(users).values({ ...alice, userId: '6', userNameKey: 'six' });
      const refusal = await refusalOf(
        transaction.transaction(async (savepoint) => {
          await savepoint.insert(users).values({ ...alice, userId: '7', userNameKey: 'seven' });
          await savepoint.insert(users).values(alice);
        }),
      );
      expect(isUniqueViolation(refusal, 'users_pkey')).toBe(true);
    });
    const rows = await db.select({ userId: users.userId }).from(users).orderBy(users.userId);
    expect(rows.map(({ userId }) => userId)).toEqual(['1', '6']);
  });

  it('an error thrown by the caller undoes the transaction and comes out as it is', async () => {
    const own = new RangeError('our own');
    const attempt = db.transaction(async (transaction) => {
      await transaction.insert(users).values({ ...alice, userId: '8', userNameKey: 'eight' });
      throw own;
    });
    expect(await refusalOf(attempt)).toBe(own);
    expect(await db.$count(users, sql`user_id = '8'`)).toBe(0);
  });

  it('a refusal repeats none of the values of its statement where a log would show them', async () => {
    const twice = await refusalOf(db.insert(users).values({ ...alice, userId: '2' }));
    const incomplete = await refusalOf(
      db.execute(
        sql`insert into users (user_id, display_name, email) values ('9', ${'canary-name'}, ${'canary-mail'})`,
      ),
    );
    for (const refusal of [twice, incomplete]) {
      expect(refusal).toBeInstanceOf(Error);
      expect(inspect(refusal, { depth: 5 })).not.toContain('canary');
    }
  });

  it('sums and counts are numbers, instants are dates, JSON is a value: the same on both drivers', async () => {
    const [row] = await db
      .select({
        count: sql<number>`count(*)`,
        large: sql<bigint>`9007199254740993::bigint`,
        createdAt: users.createdAt,
        json: sql<unknown>`'{"a":[1,null]}'::jsonb`,
      })
      .from(users)
      .groupBy(users.createdAt)
      .limit(1);
    expect(row).toEqual({ count: 1, large: 9007199254740993n, createdAt: expect.any(Date), json: { a: [1, null] } });
  });
}
