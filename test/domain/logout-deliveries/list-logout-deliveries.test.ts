import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  insertLogoutDeliveries,
  postponeDelivery,
  settleDelivery,
} from '../../../src/domain/logout-deliveries/deliveries-store.ts';
import { listLogoutDeliveries } from '../../../src/domain/logout-deliveries/list-logout-deliveries.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { logoutDeliveries } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';
import { plantApp } from '../sessions/planted-sessions.ts';

let harness: Harness;
let account: TestAccount;
let clientId: string;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  clientId = await plantApp(harness.deps, account.accountId, newClientId());
});

let made = 0;
/** As the operation wants them: `app_` and 20 characters. */
const newClientId = (): string => {
  made += 1;
  return `app_${String(made).padStart(20, 'a')}`;
};

const userId = '200000000000000001';
const note = async (sid: string, to = clientId): Promise<number> => {
  await insertLogoutDeliveries(harness.deps.db, {
    ...{ accountId: account.accountId, issuerName: account.alias, userId },
    apps: [{ clientId: to, sid }],
  });
  const [row] = await harness.deps.db.select().from(logoutDeliveries).where(eq(logoutDeliveries.sid, sid));
  if (row === undefined) throw new Error('nothing was noted');
  return row.logoutDeliveryId;
};
const list = (input: Record<string, unknown> = {}, caller = account.admin) =>
  performOperation(harness.deps, caller, listLogoutDeliveries, { clientId, ...input });

test('each says how it stands, the newest first, and nothing that opens anything', async () => {
  const [taken, waiting, lost] = [await note('taken'), await note('waiting'), await note('lost')];
  await settleDelivery(harness.deps.db, taken, { status: 'delivered', lastError: null });
  await postponeDelivery(harness.deps.db, waiting, { lastError: 'timeout', seconds: 600 });
  await settleDelivery(harness.deps.db, lost, { status: 'failed', lastError: 'http 404' });
  const { items } = await list();
  const common = { alias: account.alias, userId, attempts: 1, createdAt: expect.any(Date) as Date };
  const settled = { nextAttemptAt: null, settledAt: expect.any(Date) as Date };
  expect(items).toEqual([
    { id: String(lost), ...common, ...settled, status: 'failed', lastError: 'http 404' },
    {
      ...{ id: String(waiting), ...common, status: 'pending', lastError: 'timeout' },
      ...{ nextAttemptAt: expect.any(Date) as Date, settledAt: null },
    },
    { id: String(taken), ...common, ...settled, status: 'delivered', lastError: null },
  ]);
  for (const [status, id] of [
    ['delivered', taken],
    ['pending', waiting],
    ['failed', lost],
  ] as const)
    expect((await list({ status })).items.map((item) => item.id)).toEqual([String(id)]);
});

test('many come page by page, each once, and a cursor is good for its own list alone', async () => {
  const ids: string[] = [];
  for (let at = 0; at < 11; at += 1) ids.unshift(String(await note(`sid-${at}-${account.alias}`)));
  const other = await plantApp(harness.deps, account.accountId, newClientId());
  await note(`other-${account.alias}`, other);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 4, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    if (cursor !== undefined) {
      for (const elsewhere of [{ clientId: other }, { status: 'pending' }])
        expect((await refusal(list({ cursor, ...elsewhere }))).code).toBe('InvalidParameter');
    }
  } while (cursor !== undefined);
  expect(seen).toEqual(ids);
});

test("another account's application is unknown, and so is one that never was", async () => {
  await note('secret');
  const neighbour = await newAccount(harness);
  for (const asked of [list({}, neighbour.admin), list({ clientId: newClientId() })])
    expect((await refusal(asked)).code).toBe('EntityNotExist.Application');
});

test('whoever has no right to see them sees none', async () => {
  await note(`unseen-${account.alias}`);
  const bob = await newUser(harness.deps.db, account.accountId, 'bob');
  expect((await refusal(list({}, bob))).code).toBe('NoPermission');
  const reader = await newUser(harness.deps.db, account.accountId, 'reader', ['AliyunRAMReadOnlyAccess']);
  expect((await list({}, reader)).items).toHaveLength(1);
});

test.each([{ status: 'unheard of' }, { limit: 0 }, { limit: 1001 }, { clientId: 'x' }, { more: 1 }])(
  '%j is refused',
  async (input) => {
    expect((await refusal(list(input))).code).toBe('InvalidParameter');
  },
);
