import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plainPng } from '../../support/png-files.ts';
import { type ApiServer, type Call, newApiAccount, openApiServer } from './api-server.ts';

let server: ApiServer;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
});
beforeEach(async () => {
  ({ call } = await newApiAccount(server));
});
afterAll(() => server.close());

const path = '/account/branding';
const nothing = { displayName: null, color: null, logo: null };
const image = plainPng(640, 80).toString('base64');

const faultsOf = (body: Readonly<Record<string, unknown>>) =>
  (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`);

describe('branding', () => {
  it('is read, changed by a merge patch, and taken away by null', async () => {
    expect((await call(`GET ${path}`)).body).toEqual(nothing);
    const changed = await call(`PATCH ${path}`, { displayName: 'Acme Corporation', color: '#0B6150' });
    expect([changed.status, changed.body]).toEqual([
      200,
      { displayName: 'Acme Corporation', color: '#0b6150', logo: null },
    ]);
    expect((await call(`PATCH ${path}`, { color: null })).body).toEqual({
      ...nothing,
      displayName: 'Acme Corporation',
    });
    expect((await call(`GET ${path}`)).body).toEqual({ ...nothing, displayName: 'Acme Corporation' });
  });

  it('is changed only as it was read, where the client asks for that', async () => {
    const etag = (await call(`GET ${path}`)).headers.get('etag') ?? '';
    await call(`PATCH ${path}`, { displayName: 'One' }, { 'if-match': etag });
    expect((await call(`PATCH ${path}`, { displayName: 'Two' }, { 'if-match': etag })).status).toBe(412);
    expect((await call(`GET ${path}`)).body['displayName']).toBe('One');
  });

  it('tells every fault at its place in the document', async () => {
    const answer = await call(`PATCH ${path}`, { displayName: '', color: '#eeeeee', logo: 'x' });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer.body).toSorted()).toEqual([
      '/color InvalidParameter.Color.Contrast',
      '/displayName InvalidParameter.DisplayName.Length',
      '/logo InvalidParameter.UnknownField',
    ]);
    expect((await call(`GET ${path}`)).body).toEqual(nothing);
  });
});

describe('the logo', () => {
  it('is set, told with its size and address, replaced and removed', async () => {
    const set = await call(`PUT ${path}/logo`, { image });
    expect([set.status, set.body['logo']]).toEqual([
      200,
      { href: expect.stringMatching(/^\/-\/logos\/[\w-]{43}\.png$/) as string, width: 320, height: 40 },
    ]);
    const replaced = await call(`PUT ${path}/logo`, { image: plainPng(10, 10).toString('base64') });
    expect(replaced.body['logo']).not.toEqual(set.body['logo']);
    expect((await call(`DELETE ${path}/logo`)).status).toBe(204);
    expect((await call(`GET ${path}`)).body).toEqual(nothing);
    const again = await call(`DELETE ${path}/logo`);
    expect([again.status, again.body['code']]).toEqual([404, 'EntityNotExist.Logo']);
  });

  it('may be larger than other bodies, up to its own limit', async () => {
    const bytes = Buffer.concat([Buffer.from(image, 'base64'), Buffer.alloc(255 * 1024)]).toString('base64');
    expect(bytes.length).toBeGreaterThan(256 * 1024);
    expect((await call(`PUT ${path}/logo`, { image: bytes })).status).toBe(200);
    const tooLarge = await call(`PUT ${path}/logo`, { image: 'A'.repeat(360 * 1024) });
    expect([tooLarge.status, tooLarge.body['code']]).toEqual([413, 'RequestTooLarge']);
    expect((await call(`PATCH ${path}`, { displayName: 'x'.repeat(257 * 1024) })).status).toBe(413);
  });

  it.each([
    [
      'no PNG',
      { image: Buffer.from('<svg onload="alert(1)"/>').toString('base64') },
      '/image InvalidParameter.Image.Format',
    ],
    ['no base64', { image: '<svg/>' }, '/image InvalidParameter.Image.Format'],
    ['a damaged PNG', { image: image.slice(0, 80) }, '/image InvalidParameter.Image.Value'],
    ['nothing', {}, '/image MissingParameter.Image'],
    ['a number', { image: 7 }, '/image InvalidParameter.Image.Type'],
  ])('is not made of %s', async (_what, body, fault) => {
    const answer = await call(`PUT ${path}/logo`, body);
    expect([answer.status, faultsOf(answer.body)]).toEqual([400, [fault]]);
    expect((await call(`GET ${path}`)).body).toEqual(nothing);
  });
});
