import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { newKeyRingEntry } from '../../src/crypto/key-ring.ts';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { startThrowawayPostgres } from '../support/throwaway-postgres.ts';
import { field, run } from './captured-terminal.ts';
import { newPlace, readFirstRun, readyLine, startCli } from './served-postern.ts';

vi.setConfig({ testTimeout: 120_000 });

const handover = z.strictObject({
  publicUrl: z.string(),
  alias: z.string(),
  accountId: z.string().regex(/^\d{16}$/),
  adminUserName: z.string(),
  initialPassword: z.string(),
  accessKeyId: z.string(),
  accessKeySecret: z.string(),
});

let place: Awaited<ReturnType<typeof newPlace>>;
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

/** A server, for as long as `work` takes. */
async function whileServing<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const server = startCli(['serve'], env);
  try {
    await server.saying(readyLine);
    return await work();
  } finally {
    server.signal('SIGTERM');
    await server.ended;
  }
}

const init = (env: Readonly<Record<string, string>>, ...options: string[]) =>
  run(['init', '--alias', 'acme', '--admin', 'root', ...options], { env });

test('init makes the first account, says once what to hand over, and does it once', async () => {
  const made = await init(place.env, '--json');
  expect(handover.parse(JSON.parse(made.out))).toMatchObject({ alias: 'acme', adminUserName: 'root' });
  const again = await init(place.env);
  expect(again).toMatchObject({ exitCode: 1, out: '' });
  expect(again.err).toContain('There is an account already');
  const needless = await init(place.env, '--if-needed', '--json');
  expect(needless.exitCode).toBe(0);
  expect(JSON.parse(needless.out)).toEqual({ created: false });
});

test('what init hands over works on the server, and serving adds no account of its own', async () => {
  const made = handover.parse(JSON.parse((await init(place.env, '--json')).out));
  await whileServing(place.env, async () => {
    const env = {
      POSTERN_ISSUER: `${made.publicUrl}/acme`,
      POSTERN_ACCESS_KEY_ID: made.accessKeyId,
      POSTERN_ACCESS_KEY_SECRET: made.accessKeySecret,
    };
    expect(field(await run(['account', 'show'], { env }), 'Acting as')).toBe('root@acme.localhost');
    expect((await fetch(`${made.publicUrl}/demo/.well-known/openid-configuration`)).status).toBe(404);
  });
});

test.each([
  ['an alias that is none', ['--alias', 'a_b', '--admin', 'root'], 1],
  ['a reserved alias', ['--alias', 'admin', '--admin', 'root'], 1],
  ['a user name that is none', ['--alias', 'acme', '--admin', 'r o o t'], 2],
  ['no alias', ['--admin', 'root'], 2],
])('init refuses %s and makes nothing', async (_name, options, exitCode) => {
  expect(await run(['init', ...options], { env: place.env })).toMatchObject({ exitCode, out: '' });
  // Nor is the address remembered.
  expect((await init({ ...place.env, PUBLIC_URL: 'http://id.localhost:3000' })).exitCode).toBe(0);
});

test('migrate may be repeated, and answers programs in JSON', async () => {
  expect(await run(['migrate', '--json'], { env: place.env })).toMatchObject({ exitCode: 0, out: '{"migrated":true}' });
  expect((await run(['migrate'], { env: place.env })).exitCode).toBe(0);
});

test('recover gives an administrator a new way in, and refuses whoever does not exist', async () => {
  const made = handover.parse(JSON.parse((await init(place.env, '--json')).out));
  const recovered = await run(['recover', '--alias', 'acme', '--user', 'ROOT'], { env: place.env });
  expect(recovered.exitCode).toBe(0);
  expect(field(recovered, 'Logon name')).toBe('root@acme.localhost');
  expect(field(recovered, 'One-time password')).not.toBe(made.initialPassword);
  for (const [alias, user] of [
    ['acme', 'nobody'],
    ['nowhere', 'root'],
  ] as const) {
    const refused = await run(['recover', '--alias', alias, '--user', user], { env: place.env });
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.err).toContain('EntityNotExist');
  }
});

test('verbs on the database refuse one that a server has open', async () => {
  await whileServing(place.env, async () => {
    const refused = await run(['recover', '--alias', 'demo', '--user', 'admin'], { env: { ...place.env } });
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.err).toContain('DatabaseInUse');
  });
});

test('after a rewrap the old key can leave the ring, and what was sealed still works', async () => {
  const keysFile = join(place.env['DATA_DIR'] ?? '', 'encryption-keys');
  await whileServing(place.env, () => Promise.resolve());
  const oldRing = readFileSync(keysFile, 'utf8').trim();
  const newKey = newKeyRingEntry('k2');

  writeFileSync(keysFile, newKey);
  const lost = await run(['keys', 'rewrap'], { env: place.env });
  expect(lost).toMatchObject({ exitCode: 1, out: '' });
  expect(lost.err).toContain('3 stored secrets open with no key');

  writeFileSync(keysFile, `${newKey},${oldRing}`);
  const rewrapped = await run(['keys', 'rewrap', '--json'], { env: place.env });
  expect(JSON.parse(rewrapped.out)).toEqual({ rewrapped: 3 });
  const again = await run(['keys', 'rewrap', '--json'], { env: place.env });
  expect(JSON.parse(again.out)).toEqual({ rewrapped: 0 });

  writeFileSync(keysFile, newKey);
  await whileServing(place.env, async () => {
    const { adminUserName } = readFirstRun(place.env['DATA_DIR'] ?? '');
    expect(field(await run(['account', 'show'], { env: place.env }), 'Acting as')).toContain(adminUserName);
  });
});

test('a Redis address that is none is told without its password', async () => {
  const env = { ...place.env, REDIS_URL: 'redis://:canary@a,b' };
  const server = startCli(['serve'], env);
  expect(await server.ended).toBe(2);
  expect(server.said()).toContain('REDIS_URL: redis:// takes one host');
  expect(server.said()).not.toContain('canary');
});

describeWithPostgres('on Postgres', () => {
  let postgres: Awaited<ReturnType<typeof startThrowawayPostgres>>;
  beforeEach(async () => {
    postgres = await startThrowawayPostgres();
  });
  afterEach(() => postgres.stop());
  const env = () => ({ ...place.env, DATABASE_URL: postgres.url, ENCRYPTION_KEYS: newKeyRingEntry('k1') });

  test('of set-ups that race exactly one makes an account', async () => {
    const shared = env();
    const ran = await Promise.all(
      Array.from({ length: 4 }, (_, at) =>
        run(['init', '--alias', `acme${at}`, '--admin', 'root', '--json', '--if-needed'], { env: shared }),
      ),
    );
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(ran.filter(({ out }) => out.includes('accessKeySecret'))).toHaveLength(1);
  });

  test('a served database without an account says what to do, and gets none by itself', async () => {
    const server = startCli(['serve'], env());
    await server.saying('postern init');
    expect(server.said()).not.toContain('One-time password');
    server.signal('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  test('a database that is away is told, without its password', async () => {
    const away = { ...env(), DATABASE_URL: 'postgres://postern:canary@127.0.0.1:9/postern' };
    const ran = await run(['migrate'], { env: away });
    expect(ran).toMatchObject({ exitCode: 1, out: '' });
    expect(ran.err).toContain('The database (DATABASE_URL) cannot be reached');
    expect(ran.err).not.toContain('canary');
  });
});
