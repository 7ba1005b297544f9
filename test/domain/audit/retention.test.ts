import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import { deleteDueAuditEvents } from '../../../src/domain/audit/retention.ts';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, newAccount, type TestAccount } from '../operation-harness.ts';

describe.each(databaseServers)('retention, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openOn();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    account = await newAccount(harness);
  });

  /** Writes events of these ages (days), the oldest first. */
  const write = (accountId: string, ages: readonly number[]) =>
    harness.deps.db.insert(auditEvents).values(
      ages
        .toSorted((left, right) => right - left)
        .map((days) => ({
          ...{ accountId, actorVia: 'system', action: `age:${days}`, resource: '*', outcome: 'success' as const },
          at: sql`now() - make_interval(days => ${days}::int)`,
          details: {},
        })),
    );
  const left = async (accountId: string) =>
    (await harness.deps.db.select().from(auditEvents).where(eq(auditEvents.accountId, accountId)))
      .map(({ action }) => action)
      .toSorted();
  const tidyUp = async (limit = 1000): Promise<number[]> => {
    const rounds: number[] = [];
    for (let deleted = await deleteDueAuditEvents(harness.deps.db, limit); deleted > 0; ) {
      rounds.push(deleted);
      deleted = await deleteDueAuditEvents(harness.deps.db, limit);
    }
    return rounds;
  };

  test('keeps events for 400 days, and not one longer', async () => {
    await write(account.accountId, [401, 500, 399, 0]);
    expect(await tidyUp()).toEqual([2]);
    expect(await left(account.accountId)).toEqual(['age:0', 'age:399']);
  });

  test('is what each account has set for itself', async () => {
    const other = await newAccount(harness);
    await saveAccountSettings(harness.deps.db, account.accountId, { auditRetentionDays: 30 });
    await saveAccountSettings(harness.deps.db, other.accountId, { auditRetentionDays: 3650 });
    for (const { accountId } of [account, other]) await write(accountId, [3000, 31, 29]);
    await tidyUp();
    expect(await left(account.accountId)).toEqual(['age:29']);
    expect(await left(other.accountId)).toEqual(['age:29', 'age:3000', 'age:31']);
  });

  test('goes in small rounds, by several processes at once, until nothing is due', async () => {
    await write(
      account.accountId,
      Array.from({ length: 95 }, () => 500),
    );
    await write(account.accountId, [1]);
    const rounds = (await Promise.all([tidyUp(20), tidyUp(20), tidyUp(20)])).flat();
    await tidyUp(20);
    expect(Math.max(...rounds)).toBeLessThanOrEqual(20);
    const due = and(eq(auditEvents.accountId, account.accountId), eq(auditEvents.action, 'age:500'));
    expect(await harness.deps.db.$count(auditEvents, due)).toBe(0);
    expect(await left(account.accountId)).toEqual(['age:1']);
  });
});

test('nothing changes an event; only the retention and the erasure of a whole account delete any', () => {
  const root = join(import.meta.dirname, '../../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const textOf = (name: string): string => readFileSync(join(root, name), 'utf8');
  const reaching = files.filter((name) => textOf(name).includes('schema/audit-events.ts')).toSorted();
  expect(files.length).toBeGreaterThan(200);
  expect(reaching).toEqual([
    'domain/accounts/platform/erase-due-accounts.ts',
    'domain/audit/audit-events-store.ts',
    'domain/audit/audit-store.ts',
    'domain/audit/own-events-store.ts',
    'domain/audit/retention.ts',
  ]);
  const named = (pattern: RegExp) => files.filter((name) => pattern.test(textOf(name)));
  expect(named(/\.update\(\s*auditEvents|update\s+"?audit_events/i)).toEqual([]);
  expect(named(/\.delete\(\s*auditEvents|delete\s+from\s+"?audit_events/i)).toEqual(['domain/audit/retention.ts']);
  const onlyAddOrRead = ['audit-events-store.ts', 'audit-store.ts', 'own-events-store.ts'];
  for (const name of onlyAddOrRead) {
    expect(textOf(`domain/audit/${name}`), name).not.toMatch(/\.(delete|update)\(/);
  }
});
