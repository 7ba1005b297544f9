import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres } from '../../src/storage/db/postgres.ts';
import { accessKeys } from '../../src/storage/db/schema/access-keys.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import { accessKeyToken, callApi, requestAccessKeyToken, type TestAccount } from '../support/test-account.ts';
import { describeWithPostgresAndRedis } from './over-both-stores.ts';

describeWithPostgresAndRedis('access keys in use by two processes', () => {
  let pair: ServerPair;
  let account: TestAccount;
  beforeAll(async () => {
    pair = await startServerPair();
    account = await pair.account();
  });
  afterAll(() => pair.close());

  const newKey = async () => {
    const made = await account.manage('POST /users', {
      userName: `p${Math.random().toString(36).slice(2)}`,
      displayName: 'Program',
      programmaticAccess: true,
    });
    return made['accessKey'] as { id: string; secret: string };
  };
  const rowsById = async () => {
    const { db, close } = await openPostgres({ url: pair.stores.postgres?.url ?? '' });
    const rows = await db.select().from(accessKeys);
    await close();
    return new Map(rows.map((row) => [row.accessKeyId, row]));
  };

  it('each process tells of its uses when it stops, and none moves a time back or is lost', async () => {
    const [both, onlyToken, tried, unused] = [await newKey(), await newKey(), await newKey(), await newKey()];
    pair.routeTo(0);
    const token = await accessKeyToken(account.issuer, both);
    await accessKeyToken(account.issuer, onlyToken);
    expect((await requestAccessKeyToken(account.issuer, { ...tried, secret: 'wrong' })).status).toBe(401);
    pair.routeTo(1);
    const before = Date.now();
    expect((await callApi(account.issuer, token, 'GET /me')).status).toBe(200);
    const revision = (await rowsById()).get(both.id)?.revision;
    // The later use first, so that the earlier one could move the time back.
    await pair.processes[1].stop();
    const seen = (await rowsById()).get(both.id);
    expect(seen).toMatchObject({ lastUsedService: 'api', revision });
    expect(seen?.lastUsedAt?.getTime()).toBeGreaterThanOrEqual(before);
    await pair.processes[0].stop();
    const rows = await rowsById();
    expect(rows.get(both.id)).toEqual(seen);
    expect(rows.get(onlyToken.id)).toMatchObject({ lastUsedService: 'oauth2', lastUsedAt: expect.any(Date) });
    for (const key of [tried, unused])
      expect(rows.get(key.id)).toMatchObject({ lastUsedService: null, lastUsedAt: null });
    for (const { output } of pair.processes) expect(output()).not.toContain('could not be noted');
  }, 60_000);
});
