import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseServers } from '../../domain/database-servers.ts';
import { newUser, type TestAccount } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, newApiAccount, openApiServer } from './api-server.ts';

describe.each(databaseServers)('requests at once, on %s', (_name, openOn) => {
  let server: ApiServer;
  let account: TestAccount;
  let call: Call;
  beforeAll(async () => {
    server = await openApiServer((deps) => deps, openOn);
  });
  beforeEach(async () => {
    ({ account, call } = await newApiAccount(server));
    await newUser(server.harness.deps.db, account.accountId, 'alice');
  });
  afterAll(() => server.close());

  const makeApplication = async () => {
    const settings = { displayName: 'Mail', type: 'spa', redirectUris: ['https://mail.example.com/cb'] };
    const { application } = (await call('POST /applications', settings)).body as { application: { clientId: string } };
    return `/applications/${application.clientId}`;
  };
  const makePolicy = async () => {
    const policyDocument = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'wiki:*', Resource: '*' }] };
    await call('POST /policies', { policyName: 'wiki', policyDocument });
    return '/policies/custom/wiki';
  };
  const makeGroup = async () => {
    await call('POST /groups', { groupName: 'developers' });
    return '/groups/developers';
  };

  it.each([
    ['a user', async () => '/users/alice', (text: string) => ({ comments: text })],
    ['a user by id', async () => `/users/by-id/${account.admin.userId}`, (text: string) => ({ comments: text })],
    ['an application', makeApplication, (text: string) => ({ displayName: text })],
    ['a policy', makePolicy, (text: string) => ({ description: text })],
    ['a group', makeGroup, (text: string) => ({ comments: text })],
    ['the account', async () => '/account', (text: string) => ({ helpText: text })],
  ])(
    'of changes to %s from one state one gets through, and what it said is what is there',
    async (_what, make, say) => {
      const path = await make();
      const etag = (await call(`GET ${path}`)).headers.get('etag') ?? '';
      const texts = Array.from({ length: 8 }, (_none, index) => `text ${index}`);
      const answers = await Promise.all(texts.map((text) => call(`PATCH ${path}`, say(text), { 'if-match': etag })));
      const through = answers.flatMap(({ status }, index) => (status === 200 ? [texts[index] ?? ''] : []));
      expect(through).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(7);
      expect((await call(`GET ${path}`)).body).toMatchObject(say(through[0] ?? ''));
    },
  );

  it('a change with a condition is never made on top of one that came first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const etag = (await call('GET /users/alice')).headers.get('etag') ?? '';
      const [free, bound] = await Promise.all([
        call('PATCH /users/alice', { comments: `free ${round}` }),
        call('PATCH /users/alice', { displayName: `bound ${round}` }, { 'if-match': etag }),
      ]);
      expect(free.status).toBe(200);
      const { displayName } = (await call('GET /users/alice')).body;
      expect(displayName === `bound ${round}`).toBe(bound.status === 200);
      // Made second, it would answer with the comment of the other.
      if (bound.status === 200) expect(bound.body['comments']).not.toBe(`free ${round}`);
      else expect(bound.status).toBe(412);
    }
  });

  it('a creation under one key happens once, and every caller hears of the same thing', async () => {
    const user = { userName: 'bob', displayName: 'Bob', programmaticAccess: true };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call('POST /users', user, { 'idempotency-key': 'same' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(7);
    const ids = answers.map(({ body }) => (body['user'] as { userId: string }).userId);
    expect(new Set(ids).size).toBe(1);
    const secrets = answers.filter(({ body }) => 'secret' in (body['accessKey'] as object));
    expect(secrets).toHaveLength(1);
  });

  it('a condition and changes that need the last administrator do not wait for one another for ever', async () => {
    const etag = (await call('GET /users/alice')).headers.get('etag') ?? '';
    const answers = await Promise.all([
      call('PATCH /users/alice', { comments: 'a' }, { 'if-match': etag }),
      call('PATCH /users/alice', { status: 'frozen' }),
      call('PUT /users/alice/login-profile', { mfaRequired: true }),
      call('DELETE /users/alice?cascade=true', undefined, { 'if-match': '*' }),
      call('POST /users/alice/access-keys'),
    ]);
    for (const { status, text } of answers)
      expect([text, [200, 201, 204, 404, 412].includes(status)]).toEqual([text, true]);
  });
});
