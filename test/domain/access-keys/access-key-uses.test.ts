import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKey,
} from '../../../src/domain/access-keys/access-key-operations.ts';
import { type AccessKeyUses, collectAccessKeyUses } from '../../../src/domain/access-keys/access-key-uses.ts';
import { noteAccessKeyUses } from '../../../src/domain/access-keys/access-keys-store.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import type { Database } from '../../../src/storage/db/database.ts';
import { accessKeys } from '../../../src/storage/db/schema/access-keys.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, newAccount, newUser, type TestAccount } from '../operation-harness.ts';

const hour = 3_600_000;
const ago = (ms: number): Date => new Date(Date.now() - ms);

describe.each(databaseServers)('uses of access keys, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  let ids: string[];
  let failures: unknown[];
  beforeAll(async () => {
    harness = await openOn();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    account = await newAccount(harness);
    failures = [];
    ids = [];
    for (const userName of ['alice', 'bob']) {
      await newUser(harness.deps.db, account.accountId, userName);
      const made = await performOperation(harness.deps, account.admin, createAccessKey, { userName });
      ids.push(made.accessKey.id);
    }
  });

  const collect = (db: Database = harness.deps.db, everyMs = hour): AccessKeyUses =>
    collectAccessKeyUses({ db, everyMs, onFailure: (error) => failures.push(error) });
  const rowOf = async (accessKeyId: string) => {
    const [row] = await harness.deps.db.select().from(accessKeys).where(eq(accessKeys.accessKeyId, accessKeyId));
    if (row === undefined) throw new Error('no such key');
    return row;
  };
  const [first, second] = [() => ids[0] ?? '', () => ids[1] ?? ''];

  test('are written in the background, and seen by administrators', async () => {
    const uses = collect(harness.deps.db, 5);
    uses.note(first(), 'oauth2');
    await expect.poll(async () => (await rowOf(first())).lastUsedService).toBe('oauth2');
    const key = { userName: 'alice', accessKeyId: first() };
    const seen = await performOperation(harness.deps, account.admin, getAccessKey, key);
    expect(seen.lastUsedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect((await rowOf(second())).lastUsedAt).toBeNull();
    await uses.close();
    expect(failures).toEqual([]);
  });

  test('cost no write until then, and a clean stop loses none', async () => {
    const uses = collect();
    for (let use = 0; use < 1000; use += 1) uses.note(first(), 'oauth2');
    uses.note(first(), 'api');
    uses.note(second(), 'oauth2');
    expect((await rowOf(first())).lastUsedAt).toBeNull();
    await uses.close();
    expect([(await rowOf(first())).lastUsedService, (await rowOf(second())).lastUsedService]).toEqual([
      'api',
      'oauth2',
    ]);
  });

  test('change nothing that anybody keeps a copy of', async () => {
    const before = await rowOf(first());
    await noteAccessKeyUses(harness.deps.db, [{ accessKeyId: first(), at: new Date(), service: 'api' }]);
    const { lastUsedAt, lastUsedService, ...after } = await rowOf(first());
    expect([lastUsedAt, lastUsedService]).toEqual([expect.any(Date), 'api']);
    expect({ ...after, lastUsedAt: null, lastUsedService: null }).toEqual(before);
  });

  test('of two processes never move a time backwards, in whichever order they write', async () => {
    const [earlier, later] = [ago(2 * hour), ago(hour)];
    await noteAccessKeyUses(harness.deps.db, [{ accessKeyId: first(), at: later, service: 'api' }]);
    await noteAccessKeyUses(harness.deps.db, [{ accessKeyId: first(), at: earlier, service: 'oauth2' }]);
    expect(await rowOf(first())).toMatchObject({ lastUsedAt: later, lastUsedService: 'api' });
    const times = Array.from({ length: 20 }, (_, minute) => ago(minute * 60_000));
    await Promise.all(
      times.map((at) =>
        noteAccessKeyUses(
          harness.deps.db,
          [first(), second()].map((accessKeyId) => ({ accessKeyId, at, service: 'oauth2' })),
        ),
      ),
    );
    // Where one passed over a row that another held, its next write makes up for it; none has set a time back.
    expect((await rowOf(first())).lastUsedAt?.getTime()).toBeGreaterThanOrEqual(later.getTime());
  });

  test('of a key that was deleted are forgotten, without holding up the others', async () => {
    const uses = collect();
    uses.note(first(), 'api');
    uses.note(second(), 'api');
    await performOperation(harness.deps, account.admin, deleteAccessKey, { userName: 'alice', accessKeyId: first() });
    await uses.close();
    expect((await rowOf(second())).lastUsedService).toBe('api');
    expect(failures).toEqual([]);
  });

  test('that could not be written are kept for the next time', async () => {
    const away = { broken: true };
    const db = new Proxy(harness.deps.db, {
      get: (target, name, receiver) => {
        if (away.broken && name === 'update') throw new Error('the database is away');
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const uses = collect(db, 5);
    uses.note(first(), 'api');
    await expect.poll(() => failures.length).toBeGreaterThan(5);
    expect((await rowOf(first())).lastUsedAt).toBeNull();
    away.broken = false;
    await expect.poll(async () => (await rowOf(first())).lastUsedService).toBe('api');
    await uses.close();
  });

  test.runIf(_name === 'Postgres')('pass over a key that a transaction holds, and get it at the next try', async () => {
    const uses = collect();
    await harness.deps.db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from access_keys where access_key_id = ${first()} for update`);
      const written = await noteAccessKeyUses(
        harness.deps.db,
        [first(), second()].map((accessKeyId) => ({ accessKeyId, at: new Date(), service: 'api' })),
      );
      expect(written).toEqual([second()]);
    });
    uses.note(first(), 'api');
    await uses.close();
    expect((await rowOf(first())).lastUsedService).toBe('api');
  });
});
