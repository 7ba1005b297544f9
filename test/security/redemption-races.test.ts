import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import {
  newPassword,
  callApi,
  accessKeyToken,
  type TestAccount,
  type TestApplication,
  type TestUser,
} from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  introspect,
  type JsonAnswer,
  obtainCode,
  obtainTokens,
  redeemCode,
  refresh,
  userinfoStatus,
} from './support/code-flow.ts';

const atOnce = 50;

const allAtOnce = (attempt: () => Promise<JsonAnswer>): Promise<JsonAnswer[]> =>
  Promise.all(Array.from({ length: atOnce }, attempt));

interface Cast {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly user: TestUser;
}

async function newCast(account: TestAccount): Promise<Cast> {
  return { account, application: await account.createApplication(), user: await account.createUser() };
}

const winnersOf = (answers: readonly JsonAnswer[]): JsonAnswer[] => answers.filter(({ status }) => status === 200);

/** Exactly one has tokens; everybody else was told `invalid_grant` and nothing more. */
function expectOneWinner(answers: readonly JsonAnswer[]): Record<string, string> {
  expect(winnersOf(answers)).toHaveLength(1);
  const others = answers.filter(({ status }) => status !== 200);
  expect(others.map(({ status, body }) => [status, body['error']])).toEqual(others.map(() => [400, 'invalid_grant']));
  expect(others.filter(({ body }) => Object.keys(body).some((name) => name.endsWith('_token')))).toEqual([]);
  return winnersOf(answers)[0]?.body as Record<string, string>;
}

async function expectFamilyDead(
  { account, application }: Cast,
  tokens: Readonly<Record<string, string>>,
): Promise<void> {
  const { access_token: accessToken = '', refresh_token: refreshToken = '' } = tokens;
  expect((await refresh(account.issuer, application, refreshToken)).body['error']).toBe('invalid_grant');
  expect(await userinfoStatus(account.issuer, accessToken)).toBe(401);
  expect((await introspect(account.issuer, application, accessToken)).body).toEqual({ active: false });
}

function promises(open: () => Promise<Cast>): void {
  it(`of ${atOnce} redemptions of one code exactly one succeeds, and what it got dies with the reuse`, async () => {
    const cast = await open();
    const issued = await obtainCode(cast.account.issuer, cast.application, cast.user);
    const tokens = expectOneWinner(await allAtOnce(() => redeemCode(cast.account.issuer, cast.application, issued)));
    await expectFamilyDead(cast, tokens);
  });

  it(`of ${atOnce} uses of one refresh token exactly one succeeds, and what it got dies with the reuse`, async () => {
    const cast = await open();
    const { refreshToken, accessToken } = await obtainTokens(cast.account.issuer, cast.application, cast.user);
    const tokens = expectOneWinner(await allAtOnce(() => refresh(cast.account.issuer, cast.application, refreshToken)));
    await expectFamilyDead(cast, tokens);
    expect(await userinfoStatus(cast.account.issuer, accessToken)).toBe(401);
  });

  it(`of ${atOnce} uses of one refresh token within its grace all get the one successor, which goes on working`, async () => {
    const cast = await open();
    const application = await cast.account.createApplication({ refreshTokenGraceSeconds: 30 });
    const { refreshToken } = await obtainTokens(cast.account.issuer, application, cast.user);
    const answers = await allAtOnce(() => refresh(cast.account.issuer, application, refreshToken));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const different = (name: string) => new Set(answers.map(({ body }) => body[name]));
    for (const name of ['access_token', 'refresh_token', 'id_token']) expect(different(name).size).toBe(1);
    const [{ body }] = answers as [JsonAnswer];
    const { access_token: accessToken = '', refresh_token: successor = '' } = body as Record<string, string>;
    expect(await userinfoStatus(cast.account.issuer, accessToken)).toBe(200);
    expect((await refresh(cast.account.issuer, application, successor)).status).toBe(200);
  });

  it('a code used again later ends all that came of it', async () => {
    const cast = await open();
    const issued = await obtainCode(cast.account.issuer, cast.application, cast.user);
    const { body } = await redeemCode(cast.account.issuer, cast.application, issued);
    const first = body as Record<string, string>;
    const second = (await refresh(cast.account.issuer, cast.application, first['refresh_token'] ?? '')).body as Record<
      string,
      string
    >;
    expect(await userinfoStatus(cast.account.issuer, second['access_token'] ?? '')).toBe(200);
    expect((await redeemCode(cast.account.issuer, cast.application, issued)).body['error']).toBe('invalid_grant');
    await expectFamilyDead(cast, first);
    await expectFamilyDead(cast, second);
  });

  it('a refresh token used again later ends its successors', async () => {
    const cast = await open();
    const { refreshToken } = await obtainTokens(cast.account.issuer, cast.application, cast.user);
    const second = (await refresh(cast.account.issuer, cast.application, refreshToken)).body as Record<string, string>;
    const third = (await refresh(cast.account.issuer, cast.application, second['refresh_token'] ?? '')).body as Record<
      string,
      string
    >;
    expect(third['refresh_token']).toBeTruthy();
    expect((await refresh(cast.account.issuer, cast.application, refreshToken)).body['error']).toBe('invalid_grant');
    await expectFamilyDead(cast, third);
  });

  it('of changes of password with one old password exactly one succeeds', async () => {
    const { account, user } = await open();
    const { accessKey } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
      accessKey: { id: string; secret: string };
    };
    const token = await accessKeyToken(account.issuer, accessKey);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        callApi(account.issuer, token, 'POST /me/password', { oldPassword: user.password, newPassword: newPassword() }),
      ),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
  });
}

describe('races in redemption, on the embedded database', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
  });
  afterAll(() => server.close());
  promises(async () => await newCast(await server.account()));
});

describeWithPostgres('races in redemption, over two processes on Postgres and Redis', () => {
  let pair: ServerPair;
  beforeAll(async () => {
    pair = await startServerPair();
  });
  afterAll(() => pair.close());
  promises(async () => await newCast(await pair.account()));
});
