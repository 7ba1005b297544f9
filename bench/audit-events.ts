import { sql } from 'drizzle-orm';
import { listAuditEvents } from '../src/domain/audit/list-audit-events.ts';
import { performOperation } from '../src/domain/operation.ts';
import type { Database } from '../src/storage/db/database.ts';
import { openPostgres } from '../src/storage/db/postgres.ts';
import { newAccount, openHarness } from '../test/domain/operation-harness.ts';
import { startThrowawayPostgres } from '../test/support/throwaway-postgres.ts';
import { percentile } from './statistics.ts';

/**
 * `node bench/audit-events.ts`: how long an administrator waits for a page of the audit log of an account that has a million events from 5,000
 * users and 250 days, on Postgres. The aim is a p95 below 50 ms for every filter.
 */
const events = 1_000_000;
const part = 20_000;
const aimMs = 50;
const repeats = 50;

async function fill(db: Database, accountId: string): Promise<void> {
  for (let from = 1; from <= events; from += part)
    await db.execute(sql`
      insert into audit_events (account_id, at, actor_user_id, actor_via, source_ip, action, resource, outcome, details)
      select ${accountId}, now() - (${events}::int - i) * interval '21.6 seconds', (100000000000000000 + i::bigint * 7919 % 5000)::text,
        'logon', '192.0.2.1',
        (array['logon','logon','logon','signOut','ram:CreateUser','ram:UpdateUser','ram:DeleteUser','consent'])[1 + i::bigint * 31 % 8],
        'acs:ram:*:1:' || case when i % 1000 = 3 then 'group/dev' || i % 300 else 'user/u' || i::bigint * 7919 % 5000 end,
        case when i::bigint * 13 % 97 = 0 then 'refused' else 'success' end, '{"reason":"measured"}'
      from generate_series(${from}::int, ${from + part - 1}::int) as i`);
  await db.execute(sql`analyze audit_events`);
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

const filters: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['none', {}],
  ['none, 1,000 a page', { limit: 1000 }],
  ['user', { user: '100000000000000007' }],
  ['action', { action: 'ram:CreateUser' }],
  ['beginning of an action', { action: 'ram:*' }],
  ['action nobody did', { action: 'ram:Nothing*' }],
  ['resource', { resource: 'acs:ram:*:1:user/u17' }],
  ['beginning of a resource, few', { resource: 'acs:ram:*:1:group/dev*' }],
  ['beginning of a resource, many', { resource: 'acs:ram:*:1:user/*' }],
  ['resource that is not there', { resource: 'acs:ram:*:1:policy/*' }],
  ['refused', { outcome: 'refused' }],
  ['failed, none', { outcome: 'failed' }],
  ['one day, long ago', { from: daysAgo(200), to: daysAgo(199) }],
  ['refused on one day', { from: daysAgo(100), to: daysAgo(99), outcome: 'refused' }],
  ['user, action and outcome', { user: '100000000000000007', action: 'ram:*', outcome: 'refused' }],
];

const server = await startThrowawayPostgres();
const harness = await openHarness(() => openPostgres({ url: server.url }));
const { admin, accountId } = await newAccount(harness);
await fill(harness.deps.db, accountId);
const results: Record<string, unknown>[] = [];
for (const [filter, input] of filters) {
  const times: number[] = [];
  for (let at = 0; at < repeats; at += 1) {
    const start = performance.now();
    await performOperation(harness.deps, admin, listAuditEvents, input);
    times.push(performance.now() - start);
  }
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  const rounded = { 'p50 ms': Number(p50.toFixed(1)), 'p95 ms': Number(p95.toFixed(1)) };
  results.push({ filter, ...rounded, aim: p95 < aimMs ? 'met' : 'missed' });
}
console.table(results);
await harness.close();
await server.stop();
