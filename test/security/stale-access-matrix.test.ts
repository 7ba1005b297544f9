import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgresAndRedis } from '../e2e/over-both-stores.ts';
import type { StoresKind } from '../support/server-environment.ts';
import type { TestAccount } from '../support/test-account.ts';
import { carriers, tryEverything } from './support/stale-access-carriers.ts';
import { bringAbout, causes } from './support/stale-access-causes.ts';
import { holdEverything, openWorld } from './support/stale-access-holder.ts';
import { startTwoServers, type TwoServers } from './support/stale-access-servers.ts';
import { readTable } from './support/stale-access-table.ts';

const rows = readTable();

describe('the table of stale access', () => {
  it('has a row for every way to take access away, and a verdict for everything that gives it', () => {
    expect(rows.map(({ cause }) => cause).toSorted()).toEqual(Object.keys(causes).toSorted());
    for (const { verdicts } of rows) expect(Object.keys(verdicts)).toEqual(carriers);
  });

  it('begins with what works, so that what dies in another row dies of its cause', () => {
    const [first] = rows;
    expect(first?.cause).toBe('nothing at all');
    expect(new Set(Object.values(first?.verdicts ?? {}))).toEqual(new Set(['lives']));
  });
});

/** Taken away on one server, used on the other. */
const onTwoServers = (kind: StoresKind) => () => {
  let servers: TwoServers;
  let platform: TestAccount;
  beforeAll(async () => {
    servers = await startTwoServers(kind);
    servers.routeTo(1);
    platform = await servers.account(undefined, { isPlatform: true });
  });
  afterAll(() => servers.close());

  it.each(rows)('$cause', async ({ cause, verdicts }) => {
    servers.routeTo(1);
    const holder = await holdEverything(await openWorld(servers));
    servers.routeTo(0);
    const password = await bringAbout(cause, holder, platform);
    servers.routeTo(1);
    expect(await tryEverything({ ...holder, password })).toEqual(verdicts);
  });

  it('none of it ended as a fault of ours', () => {
    expect(servers.faults()).toEqual([]);
  });
};

describe('stale access on another server, embedded', onTwoServers('embedded'));
describeWithPostgresAndRedis('stale access on another process, Postgres and Redis', onTwoServers('postgres-redis'));
