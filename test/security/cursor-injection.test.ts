import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** A page's cursor comes back from outside: forged ones have reached SQL elsewhere (Hydra GO-2026-4807). */
describe('forged cursors', () => {
  let server: TestServer;
  let account: TestAccount;
  let other: TestAccount;
  let lists: readonly string[];
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    [account, other] = [await server.account(), await server.account()];
    for (const one of [account, other]) for (let n = 0; n < 3; n += 1) await one.createUser({ userName: `user-${n}` });
    lists = ['/users', '/groups', '/policies', '/applications', '/audit-events', '/users/admin/sessions'];
  });
  afterAll(() => server.close());

  const ask = (one: TestAccount, list: string, cursor: string) =>
    one.api(`GET ${list}?limit=1&cursor=${encodeURIComponent(cursor)}`);

  const nextOf = async (one: TestAccount, list: string): Promise<string> => {
    const body = await one.manage(`GET ${list}?limit=1`);
    return (body['nextCursor'] as string | undefined) ?? '';
  };

  /** What a database or a decoder could trip over. */
  const forgeries = [
    '',
    "'",
    "' or '1'='1",
    '1; drop table users; --',
    '\\',
    '%',
    '\u0000',
    '🙂',
    '-1',
    '9'.repeat(40),
    'null',
    'undefined',
    '__proto__',
    Buffer.from("'; select pg_sleep(5); --").toString('base64url'),
    Buffer.from('{"$gt":""}').toString('base64url'),
    Buffer.from('["a",{"b":1}]').toString('base64url'),
    Buffer.from('null').toString('base64url'),
    Buffer.from('[]').toString('base64url'),
    'A'.repeat(5000),
  ];

  it.each(forgeries.map((cursor) => [cursor.slice(0, 40), cursor]))(
    '%j is refused as a parameter, never as a fault of ours',
    async (_shown, cursor) => {
      for (const list of lists) {
        const { status, body } = await ask(account, list, cursor);
        expect([list, status === 400 || status === 200]).toEqual([list, true]);
        if (status === 200) expect(JSON.stringify(body)).not.toContain(other.accountId);
        else expect([list, body['code']]).toEqual([list, 'InvalidParameter']);
      }
      expect(await account.manage('GET /users?limit=10')).toMatchObject({ items: expect.anything() as unknown });
    },
  );

  it('a changed cursor shows nothing of anybody else', async () => {
    const cursor = await nextOf(account, '/users');
    expect(cursor).not.toBe('');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(cursor.length - 1),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '_', '-'),
        async (at, character) => {
          const changed = cursor.slice(0, at) + character + cursor.slice(at + 1);
          const { status, body } = await ask(account, '/users', changed);
          expect(status === 200 || (status === 400 && body['code'] === 'InvalidParameter')).toBe(true);
          expect(JSON.stringify(body)).not.toContain(other.alias);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("another account's cursor moves within one's own list alone", async () => {
    const theirs = await nextOf(other, '/users');
    const { status, body } = await ask(account, '/users', theirs);
    const own = (await account.manage('GET /users?limit=100'))['items'] as { userId: string }[];
    if (status === 200) {
      const ids = (body['items'] as { userId: string }[]).map(({ userId }) => userId);
      expect(ids.every((id) => own.some(({ userId }) => userId === id))).toBe(true);
    } else expect(body['code']).toBe('InvalidParameter');
  });
});
