import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ManagementApi } from '../../../src/cli/client/management-api.ts';
import { callPatiently } from '../../../src/cli/import/patient-calls.ts';
import { openRecordingServer, type RecordingServer, type Reply } from '../recording-server.ts';

let server: RecordingServer;
let replies: Reply[];
beforeAll(async () => {
  server = await openRecordingServer(() => replies.shift() ?? { status: 200, body: { done: true } });
});
afterAll(() => server.close());
beforeEach(() => {
  server.recorded.length = 0;
});

const api = (): ManagementApi => ({
  issuer: server.env['POSTERN_ISSUER'] ?? '',
  accessToken: () => Promise.resolve('token'),
  wayBackIn: undefined,
});
const create = { method: 'POST', path: ['users'], body: [{ userName: 'a' }], idempotencyKey: 'key' } as const;
const patience = { 'retry-after': '0' };

test.each([
  ['too many requests', { status: 429, headers: patience, body: { code: 'Throttling.User' } }],
  ['a server that is busy', { status: 503, headers: patience, body: { code: 'ServiceUnavailable' } }],
  ['the same request under way', { status: 409, headers: patience, body: { code: 'IdempotentRequestInProgress' } }],
])('%s: the request is sent again, the same under the same key', async (_name, refusal) => {
  replies = [refusal, refusal];
  expect(await callPatiently(api(), create)).toEqual({ done: true });
  expect(server.recorded.map(({ headers, body }) => [headers['idempotency-key'], body])).toEqual(
    Array.from({ length: 3 }, () => ['key', [{ userName: 'a' }]]),
  );
});

test.each([
  [400, 'InvalidParameter'],
  [403, 'NoPermission'],
  [409, 'EntityAlreadyExists.User'],
  [422, 'IdempotencyKeyReused'],
])('%i %s is final', async (status, code) => {
  replies = [{ status, body: { code, detail: 'no' } }];
  await expect(callPatiently(api(), create)).rejects.toMatchObject({ code });
  expect(server.recorded).toHaveLength(1);
});
