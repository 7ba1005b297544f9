import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createOutboundFetch } from '../../../src/web/oidc/outbound-fetch.ts';
import { readSendFailure } from '../../../src/web/oidc/send-failure.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { freePort } from '../../support/throwaway-process.ts';

const fetching = async (address: string, allowed: readonly string[] = ['127.0.0.0/8']) =>
  await createOutboundFetch(allowed)(address).then(
    () => Promise.reject(new Error('it answered')),
    (error: unknown) => readSendFailure(error),
  );
const unreached = (error: string) => ({ outcome: 'refused', error, reached: false });

test.each(['x', undefined])('an answer without a status (%s) is no answer of an app', (status) => {
  const odd = Object.assign(new Error('odd'), { response: { status } });
  expect(() => readSendFailure(odd)).toThrow('odd');
});

test.each([400, 302, 500, 503])('an app that answers %i was reached', (status) => {
  const error = Object.assign(new Error('expected 200 OK from https://app.example.com/?secret'), {
    response: { status },
  });
  expect(readSendFailure(error)).toEqual({ outcome: 'refused', error: `http ${status}`, reached: true });
});

test('nobody listening is no connection', async () => {
  expect(await fetching(`http://127.0.0.1:${await freePort()}/`)).toEqual(unreached('no connection'));
});

test('a network that may not be called is told apart, written out or by name', async () => {
  const port = await freePort();
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254'])
    expect(await fetching(`http://${host}:${port}/`, [])).toEqual(unreached('address not allowed'));
});

test('a name that nobody has is an unknown host', async () => {
  expect(await fetching('http://nobody-is-called-so.invalid/')).toEqual(unreached('unknown host'));
});

test('an address that is none, or of another kind, is no reason to fall over', async () => {
  expect(await fetching('not an address')).toEqual(unreached('invalid address'));
  expect(await fetching('ftp://127.0.0.1/')).toEqual(unreached('no connection'));
});

test.each([
  ['no TLS at all where it was to be', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ['a certificate that nobody vouches for', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['a certificate of somebody else', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['a certificate without its chain', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
])('%s is a matter of TLS', (_what, code) => {
  const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
  expect(readSendFailure(error)).toEqual(unreached('tls'));
});

test('an app that speaks no TLS is told apart from one that is not there', async () => {
  const server = createServer((_req, res) => res.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    expect(await fetching(`https://127.0.0.1:${port}/`)).toEqual(unreached('tls'));
  } finally {
    server.close();
  }
});

test('silence is a timeout', async () => {
  const silence = AbortSignal.timeout(1);
  await once(silence, 'abort');
  expect(readSendFailure(silence.reason)).toEqual(unreached('timeout'));
  const slow = new TypeError('fetch failed', {
    cause: Object.assign(new Error('x'), { code: 'UND_ERR_CONNECT_TIMEOUT' }),
  });
  expect(readSendFailure(slow)).toEqual(unreached('timeout'));
});

test('what is no fault of the app is thrown on', () => {
  for (const fault of [
    new StoreUnavailableError('ephemeral', new Error('away')),
    new TypeError('x is not a function'),
    'text',
  ])
    expect(() => readSendFailure(fault)).toThrow();
});
