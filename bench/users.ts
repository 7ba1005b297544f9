import { sql } from 'drizzle-orm';
import { updateTenant } from '../src/domain/accounts/platform/change-tenants.ts';
import { getCredentialReport } from '../src/domain/credential-report/get-credential-report.ts';
import type { OperationDeps } from '../src/domain/operation.ts';
import { performOperation } from '../src/domain/operation.ts';
import { createUser } from '../src/domain/users/create-user.ts';
import { deleteUser } from '../src/domain/users/delete-user.ts';
import { listUsers } from '../src/domain/users/list-users.ts';
import { openPostgres } from '../src/storage/db/postgres.ts';
import { newAccount, newUser, openHarness, type TestAccount } from '../test/domain/operation-harness.ts';
import { startThrowawayPostgres } from '../test/support/throwaway-postgres.ts';
import { percentile } from './statistics.ts';

/**
 * `node bench/users.ts`: how long an administrator waits for the users of an account that has 10,000 of them, each with a login profile, an access
 * key, a policy and a group, on Postgres. A second account is as large. The aim is a p95 below 50 ms for list, search and cascade delete.
 */
const usersPerAccount = 10_000;
const aimMs = 50;
const repeats = 200;

async function fill({ db }: OperationDeps, { accountId }: TestAccount): Promise<void> {
  const first = sql`(${accountId}::bigint * 100)`;
  const ids = sql`generate_series(1, ${usersPerAccount}::int) as i`;
  const userId = sql`(${first} + i)::text`;
  await db.execute(sql`insert into users (user_id, account_id, user_name, user_name_key, display_name, email)
    select ${userId}, ${accountId}, 'user-' || lpad(i::text, 5, '0'), 'user-' || lpad(i::text, 5, '0'),
      'Person ' || md5(i::text), md5((i * 7)::text) || '@example.com' from ${ids}`);
  await db.execute(sql`insert into login_profiles (user_id, account_id, password_hash)
    select ${userId}, ${accountId}, 'none' from ${ids}`);
  await db.execute(sql`insert into access_keys (access_key_id, account_id, user_id, secret_sealed)
    select 'PSTK' || ${accountId} || i, ${accountId}, ${userId}, 'none' from ${ids}`);
  await db.execute(sql`insert into user_policies (account_id, user_id, policy_type, policy_name)
    select ${accountId}, ${userId}, 'system', 'AliyunRAMReadOnlyAccess' from ${ids}`);
  await db.execute(sql`insert into groups (group_id, account_id, group_name, group_name_key)
    select 'g-' || ${accountId} || i, ${accountId}, 'group-' || i, 'group-' || i from generate_series(1, 300) as i`);
  await db.execute(sql`insert into group_members (account_id, group_id, user_id)
    select ${accountId}, 'g-' || ${accountId} || (i % 300 + 1), ${userId} from ${ids}`);
}

/** A measured operation; `act` gets the number of the repeat. */
interface Measurement {
  readonly name: string;
  readonly repeats?: number;
  readonly aimed: boolean;
  readonly act: (at: number) => Promise<unknown>;
}

function measurements(deps: OperationDeps, account: TestAccount): readonly Measurement[] {
  const list = (input: unknown) => performOperation(deps, account.admin, listUsers, input);
  const name = (at: number) => `user-${String(at * 37 + 1).padStart(5, '0')}`;
  const create = async (at: number) =>
    await performOperation(deps, account.admin, createUser, {
      users: Array.from({ length: 100 }, (_none, one) => ({
        ...{ userName: `new-${at}-${one}`, displayName: 'N', consoleLogon: {} },
      })),
    });
  return [
    { name: 'list, 100 a page', aimed: true, act: () => list({}) },
    { name: 'list, 1,000 a page', aimed: true, act: () => list({ limit: 1000 }) },
    { name: 'search, one found', aimed: true, act: (at) => list({ q: name(at).slice(2) }) },
    { name: 'search, many found', aimed: true, act: (at) => list({ q: (at % 10).toString() }) },
    { name: 'search in e-mail, none found', aimed: true, act: (at) => list({ q: `nobody-${at}@` }) },
    { name: 'search, all found, 1,000 a page', aimed: true, act: () => list({ q: 'user', limit: 1000 }) },
    {
      ...{ name: 'cascade delete', aimed: true },
      act: (at) => performOperation(deps, account.admin, deleteUser, { user: { userName: name(at) }, cascade: true }),
    },
    {
      ...{ name: 'credential report, 1,000 a page', aimed: false, repeats: 20 },
      act: () => performOperation(deps, account.admin, getCredentialReport, { limit: 1000 }),
    },
    { name: 'create 100 users with passwords', aimed: false, repeats: 3, act: create },
  ];
}

async function measure({ name, aimed, act, repeats: own = repeats }: Measurement) {
  const times: number[] = [];
  for (let at = 0; at < own; at += 1) {
    const start = performance.now();
    await act(at);
    times.push(performance.now() - start);
  }
  const p95 = percentile(times, 0.95);
  const verdict = aimed ? (p95 < aimMs ? 'met' : 'missed') : '-';
  return { operation: name, repeats: own, 'p50 ms': ms(percentile(times, 0.5)), 'p95 ms': ms(p95), aim: verdict };
}

const ms = (value: number): number => Number(value.toFixed(1));

async function run(): Promise<void> {
  const postgres = await startThrowawayPostgres();
  const harness = await openHarness(() => openPostgres({ url: postgres.url }));
  try {
    const { deps } = harness;
    const [account, other] = [await newAccount(harness), await newAccount(harness)];
    const platform = await newAccount(harness, { isPlatform: true });
    const operator = await newUser(deps.db, platform.accountId, 'operator', ['PlatformAdministratorAccess']);
    await performOperation(deps, operator, updateTenant, {
      ...{ accountId: account.accountId, changes: { quotas: { usersQuota: 2 * usersPerAccount } } },
    });
    await fill(deps, account);
    await fill(deps, other);
    await deps.db.execute(sql`analyze`);
    const rows = [];
    for (const one of measurements(deps, account)) rows.push(await measure(one));
    console.table(rows);
  } finally {
    await harness.close();
    await postgres.stop();
  }
}

await run();
