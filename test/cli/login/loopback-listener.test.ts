import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenOnLoopback, type LoopbackListener } from '../../../src/cli/login/loopback-listener.ts';

let listener: LoopbackListener;
beforeEach(async () => {
  listener = await listenOnLoopback('the-state');
});
afterEach(() => listener.close());

/** Fetch would not let a test say another `Host`. */
const get = (path: string, host?: string, method = 'GET') =>
  new Promise<number>((resolve, reject) => {
    const url = new URL(path, listener.redirectUri);
    request(url, { method, ...(host === undefined ? {} : { headers: { host } }) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });

const good = '/callback?state=the-state&code=c&iss=i';

test('listens on loopback alone, and hands over what the browser brings', async () => {
  expect(listener.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  const answer = listener.answer(10_000);
  expect(await get(good)).toBe(200);
  expect(Object.fromEntries(await answer)).toEqual({ state: 'the-state', code: 'c', iss: 'i' });
});

test.each([
  ['another state', '/callback?state=guessed&code=c', undefined, 'GET'],
  ['no state', '/callback?code=c', undefined, 'GET'],
  ['another path', '/?state=the-state&code=c', undefined, 'GET'],
  ['another name for this machine', good, 'evil.example', 'GET'],
  ['another method', good, undefined, 'POST'],
])('%s is no answer', async (_name, path, host, method) => {
  let answered = false;
  listener.answer(10_000).then(
    () => {
      answered = true;
    },
    () => undefined,
  );
  expect(await get(path, host, method)).toBe(404);
  expect(answered).toBe(false);
});

test('patience has an end', async () => {
  await expect(listener.answer(1)).rejects.toThrow('Nobody signed in');
});

test('a port that is taken is told', async () => {
  const taken = Number(new URL(listener.redirectUri).port);
  await expect(listenOnLoopback('x', taken)).rejects.toThrow(`Port ${taken}`);
});
