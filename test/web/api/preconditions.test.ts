import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../../src/web/api/routes.ts';
import { eventsOf, loginProfileOf, newUser, type TestAccount, userRow } from '../../domain/operation-harness.ts';
import { type Answered, type ApiServer, type Call, callerOn, newApiAccount, openApiServer } from './api-server.ts';
import { isOutOfReach, openExampleWorld } from './example-world.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
});
beforeEach(async () => {
  ({ account, call } = await newApiAccount(server));
});
afterAll(() => server.close());

const ifMatch = (etag: string) => ({ 'if-match': etag });
const tagOf = ({ headers }: Answered) => headers.get('etag') ?? '';
const refusedAs = ({ status, body }: Answered) => [status, body['code']];
const failed = [412, 'PreconditionFailed'];
const rowOf = (userName: string) => userRow(server.harness.deps.db, account.accountId, userName);

async function makeAlice(): Promise<string> {
  await newUser(server.harness.deps.db, account.accountId, 'alice');
  return tagOf(await call('GET /users/alice'));
}

describe('the ETag of one thing', () => {
  it('is strong, stays while the thing stays, and changes with it', async () => {
    const first = await makeAlice();
    expect(first).toMatch(/^"[\w-]{22}"$/);
    expect(tagOf(await call('GET /users/alice'))).toBe(first);
    await call('PATCH /users/alice', { comments: 'new' });
    expect(tagOf(await call('GET /users/alice'))).not.toBe(first);
  });

  it('saves sending what the client has', async () => {
    const etag = await makeAlice();
    const answer = await call('GET /users/alice', undefined, { 'if-none-match': `"x", W/${etag}` });
    expect([answer.status, answer.text, tagOf(answer)]).toEqual([304, '', etag]);
    expect((await call('GET /users/alice', undefined, { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('is not given to lists, which have a cursor of their own making', async () => {
    expect(tagOf(await call('GET /users'))).toBe('');
  });
});

describe('If-Match', () => {
  it('lets a change through while the thing is as the client saw it, and no second one', async () => {
    const etag = await makeAlice();
    expect((await call('PATCH /users/alice', { comments: 'first' }, ifMatch(etag))).status).toBe(200);
    const answer = await call('PATCH /users/alice', { comments: 'second' }, ifMatch(etag));
    expect(refusedAs(answer)).toEqual(failed);
    expect((await rowOf('alice'))?.comments).toBe('first');
    const [last] = (await eventsOf(server.harness.deps.db, account.accountId)).slice(-1);
    expect(last).toMatchObject({ outcome: 'refused', details: { code: 'PreconditionFailed' } });
  });

  it('takes a list of tags, and compares strongly', async () => {
    const etag = await makeAlice();
    expect(refusedAs(await call('PATCH /users/alice', { comments: 'x' }, ifMatch(`W/${etag}`)))).toEqual(failed);
    expect((await call('PATCH /users/alice', { comments: 'x' }, ifMatch(`"other", ${etag}`))).status).toBe(200);
  });

  it.each(['"nothing"', 'nothing', '', '"'])('refuses %j for what is there', async (tag) => {
    await makeAlice();
    expect(refusedAs(await call('DELETE /users/alice?cascade=true', undefined, ifMatch(tag)))).toEqual(failed);
    expect(await rowOf('alice')).toBeDefined();
  });

  it('"*" is whatever there is, and nothing that is absent', async () => {
    await makeAlice();
    expect((await call('PATCH /users/alice', { comments: 'x' }, ifMatch('*'))).status).toBe(200);
    expect(refusedAs(await call('DELETE /users/nobody?cascade=true', undefined, ifMatch('*')))).toEqual(failed);
  });

  it('of racing changes from one state lets one through', async () => {
    const etag = await makeAlice();
    const racing = ['a', 'b', 'c', 'd'].map((comments) => call('PATCH /users/alice', { comments }, ifMatch(etag)));
    const statuses = (await Promise.all(racing)).map(({ status }) => status);
    expect(statuses.toSorted((left, right) => left - right)).toEqual([200, 412, 412, 412]);
  });

  it('is refused where there is nothing to compare with, and nothing is done', async () => {
    await makeAlice();
    const line = 'PUT /users/alice/policies/system/AliyunRAMReadOnlyAccess';
    expect(refusedAs(await call(line, undefined, ifMatch('*')))).toEqual(failed);
    expect((await call('GET /users/alice/policies')).body['items']).toEqual([]);
    const user = { userName: 'bob', displayName: 'Bob' };
    expect(refusedAs(await call('POST /users', user, ifMatch('"x"')))).toEqual(failed);
    expect(await rowOf('bob')).toBeUndefined();
  });

  it('does not tell without the right whether a guess was right', async () => {
    const etag = await makeAlice();
    const nobody = await newUser(server.harness.deps.db, account.accountId, 'nobody');
    for (const tag of [etag, '"wrong"'])
      expect(refusedAs(await callerOn(server, account, nobody)('PATCH /users/alice', {}, ifMatch(tag)))).toEqual([
        403,
        'NoPermission',
      ]);
  });

  it('nor to who may change it and not read it; without a condition the change is theirs', async () => {
    const etag = await makeAlice();
    const writer = await newUser(server.harness.deps.db, account.accountId, 'writer');
    const policyDocument = {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'ram:UpdateUser', Resource: 'acs:ram:*:*:user/alice' }],
    };
    await call('POST /policies', { policyName: 'writers', policyDocument });
    await call('PUT /users/writer/policies/custom/writers');
    const asWriter = callerOn(server, account, writer);
    for (const tag of [etag, '"wrong"'])
      expect(refusedAs(await asWriter('PATCH /users/alice', { comments: 'x' }, ifMatch(tag)))).toEqual([
        403,
        'NoPermission',
      ]);
    expect((await rowOf('alice'))?.comments).toBeNull();
    expect((await asWriter('PATCH /users/alice', { comments: 'x' })).status).toBe(200);
  });
});

describe('If-None-Match: * on PUT', () => {
  it('creates, and leaves alone what is there', async () => {
    await call('POST /users', { userName: 'carol', displayName: 'Carol' });
    const only = { 'if-none-match': '*' };
    const made = await call('PUT /users/carol/login-profile', { mfaRequired: true }, only);
    expect([made.status, Object.keys(made.body)]).toEqual([200, ['loginProfile', 'initialPassword']]);
    const before = await loginProfileOf(server.harness.deps.db, (await rowOf('carol'))?.userId ?? '');
    const again = await call('PUT /users/carol/login-profile', { generatePassword: true, mfaRequired: false }, only);
    expect(refusedAs(again)).toEqual(failed);
    expect(await loginProfileOf(server.harness.deps.db, (await rowOf('carol'))?.userId ?? '')).toEqual(before);
  });
});

const guarded = routes.filter(({ guardedBy }) => guardedBy !== undefined);

describe.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  it('is refused with a stale tag and done with the present one', async () => {
    const world = await openExampleWorld(server);
    const [line, body] = await world.requestFor(route);
    const read = await world.call(line.replace(/^\w+/, 'GET').replace(/\?.*/, ''));
    expect([read.status, tagOf(read)]).toEqual([200, expect.stringMatching(/^"/)]);
    const stale = await world.call(line, body, ifMatch('"stale"'));
    expect(refusedAs(stale)).toEqual(failed);
    expect(tagOf(await world.call(line.replace(/^\w+/, 'GET').replace(/\?.*/, '')))).toBe(tagOf(read));
    expect((await world.call(line, body, ifMatch(tagOf(read)))).status).toBe(route.status);
    expect(isOutOfReach(route)).toBe(false);
  });
});
