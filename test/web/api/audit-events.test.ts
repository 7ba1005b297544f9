import { request } from 'node:http';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { newUser, type TestAccount } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, callerOn, newApiAccount, openApiServer } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  ({ account, call } = await newApiAccount(server));
});

/** Plants so many events, numbered from 1 in `details`; in parts, for the embedded database holds up all else while it works. */
async function plant(count: number, filler = ''): Promise<void> {
  const part = 2000;
  for (let from = 1; from <= count; from += part)
    await server.harness.deps.db.execute(sql`
      insert into ${auditEvents} (account_id, actor_via, action, resource, outcome, details)
      select ${account.accountId}, 'system', 'planted', '*', 'success', jsonb_build_object('n', n, 'filler', ${filler}::text)
      from generate_series(${from}::int, ${Math.min(count, from + part - 1)}::int) as n`);
}
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
const numbersOf = (items: readonly unknown[]) => items.map((item) => (item as { details: { n: number } }).details.n);
const countingDown = (count: number) => Array.from({ length: count }, (_, at) => count - at);

it('is a list of pages, each field named', async () => {
  await call('POST /users', { userName: 'bob', displayName: 'Bob' });
  const { status, body } = await call('GET /audit-events?action=ram:Create*&limit=1');
  expect(status).toBe(200);
  expect(body['items']).toEqual([
    {
      eventId: expect.stringMatching(/^[0-9]+$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      userId: account.admin.userId,
      userName: 'admin',
      via: 'token:app_test',
      sourceIp: expect.any(String),
      requestId: expect.any(String),
      action: 'ram:CreateUser',
      resource: `acs:ram:*:${account.accountId}:user/bob`,
      outcome: 'success',
      details: expect.any(Object),
    },
  ]);
});

describe('as JSON lines', () => {
  it.each([
    ['by the address', '/audit-events?format=ndjson', {}],
    ['by Accept', '/audit-events', { accept: 'application/x-ndjson' }],
    ['by Accept among others', '/audit-events', { accept: 'application/json;q=0.5, application/x-ndjson' }],
  ])('%s, the whole list is answered, newest first, over any number of pages', async (_how, address, headers) => {
    await plant(2345);
    const answer = await call(`GET ${address}`, undefined, headers);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const items = linesOf(answer.text).map((line) => JSON.parse(line) as unknown);
    expect(numbersOf(items)).toEqual(countingDown(2345));
    const page = await call('GET /audit-events?limit=1000');
    expect(items.slice(0, 1000)).toEqual(page.body['items']);
  });

  it('filters hold, and what is empty is empty', async () => {
    await plant(3);
    expect(linesOf((await call('GET /audit-events?format=ndjson&action=planted')).text)).toHaveLength(3);
    const nothing = await call('GET /audit-events?format=ndjson&action=nothing');
    expect([nothing.status, nothing.text]).toEqual([200, '']);
  });

  it('JSON stays what is answered where nothing else is asked for', async () => {
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json, application/x-ndjson;q=0.5' }]) {
      const { headers: answered } = await call('GET /audit-events', undefined, headers);
      expect(answered.get('content-type')).toMatch(/^application\/json/);
    }
    const asked = await call('GET /audit-events?format=json', undefined, { accept: 'application/x-ndjson' });
    expect(asked.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('whoever may not see the log is told so as ever, and nothing of it is sent', async () => {
    await plant(3);
    const bob = await newUser(server.harness.deps.db, account.accountId, 'bob');
    const refused = await callerOn(server, account, bob)('GET /audit-events?format=ndjson');
    expect([refused.status, refused.body['code']]).toEqual([403, 'NoPermission']);
    expect(refused.text).not.toContain('planted');
  });

  it.each(['format=csv', 'format=ndjson&format=json', 'format=ndjson&from=yesterday', 'format=ndjson&nonsense=1'])(
    '%s is refused',
    async (query) => {
      expect((await call(`GET /audit-events?${query}`)).status).toBe(400);
    },
  );

  it('no other address answers in lines', async () => {
    expect((await call('GET /users?format=ndjson')).status).toBe(400);
    const refused = await call('GET /users', undefined, { accept: 'application/x-ndjson' });
    expect([refused.status, refused.body['code']]).toEqual([406, 'NotAcceptable']);
  });

  it('no more is looked up than the client takes, and nothing more once it is gone', async () => {
    // Many times what sockets hold.
    await plant(30_000, 'x'.repeat(1000));
    const token = server.letIn(account.alias, account.admin);
    const looked = { pages: 0 };
    const { db } = server.harness.deps;
    const select = db.select.bind(db);
    Object.assign(db, {
      select: (fields: Record<string, unknown>) => {
        if ('actorUserName' in fields) looked.pages += 1;
        return select(fields as never);
      },
    });
    try {
      const path = `/${account.alias}/api/v1/audit-events?format=ndjson`;
      const headers = { authorization: `Bearer ${token}` };
      await new Promise<void>((resolve, reject) => {
        const asking = request(`${server.origin}${path}`, { headers }, (answer) => {
          answer.once('data', () => {
            answer.pause();
            // A client that takes nothing for a while: the pages looked up meanwhile stop growing.
            const settled = async () => {
              await expect
                .poll(
                  async () => {
                    const before = looked.pages;
                    await db.execute(sql`select pg_sleep(0.3)`);
                    return looked.pages === before;
                  },
                  { timeout: 10_000 },
                )
                .toBe(true);
              expect(looked.pages).toBeLessThan(25);
              answer.destroy();
            };
            settled().then(resolve, reject);
          });
        });
        asking.on('error', reject);
        asking.end();
      });
      const atTheEnd = looked.pages;
      await db.execute(sql`select pg_sleep(0.3)`);
      expect(looked.pages).toBeLessThanOrEqual(atTheEnd + 1);
    } finally {
      Object.assign(db, { select });
    }
  });

  it('who loses the right in the middle gets no further page, and sees that it was not all', async () => {
    await plant(20_000, 'x'.repeat(1000));
    const bob = await newUser(server.harness.deps.db, account.accountId, 'bob', ['AdministratorAccess']);
    const token = server.letIn(account.alias, bob);
    const response = await fetch(`${server.origin}/${account.alias}/api/v1/audit-events?format=ndjson`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await call('DELETE /users/bob?cascade=true');
    const readOn = async () => {
      for (;;) if ((await reader?.read())?.done !== false) return 'all of it';
    };
    expect(await readOn().catch(() => 'broken off')).toBe('broken off');
    const { body } = await call(`GET /audit-events?user=${bob.userId}`);
    expect(body['items']).toMatchObject([{ action: 'ram:ListAuditEvents', outcome: 'refused' }]);
  });
});
