import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticatorApp } from '../support/authenticator-app.ts';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, recoveryCodesOn, totpSecretOn, walkThroughLogon } from '../support/logon-driver.ts';
import {
  accessKeyToken,
  callApi,
  newPassword,
  requestAccessKeyToken,
  type TestAccount,
} from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  authorizationUrl,
  introspect,
  obtainCode,
  obtainTokens,
  postAsClient,
  redeemCode,
  refresh,
} from './support/code-flow.ts';
import { tryPassword } from './support/logon-start.ts';
import { sendRaw } from './support/raw-http.ts';
import { dumpDatabase, dumpRedis, formsOf, readableIn } from './support/store-dump.ts';

interface Recorded {
  readonly request: string;
  readonly answer: string;
}

/** Notes every answer that programs and browsers of this test get. */
function recordAnswers(): { readonly answers: Recorded[]; readonly stop: () => void } {
  const answers: Recorded[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const answer = await original(input, init);
    const body = await answer.clone().text();
    const { method = 'GET' } = init ?? {};
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    answers.push({ request: `${method} ${pathname}`, answer: `${JSON.stringify([...answer.headers])}\n${body}` });
    return answer;
  };
  return {
    answers,
    stop: () => {
      globalThis.fetch = original;
    },
  };
}

/** Secrets by name, and for those that are handed over once: by which request. */
interface Planted {
  readonly secrets: Map<string, string>;
  readonly handedOver: Map<string, RegExp>;
}

/** Does everything that a secret takes part in, rightly and wrongly. */
async function plantSecrets(account: TestAccount): Promise<Planted> {
  const secrets = new Map<string, string>();
  const handedOver = new Map<string, RegExp>();
  const plant = (name: string, secret: string, by?: RegExp): string => {
    if (secret.length < 10) throw new Error(`"${name}" is too short to be looked for`);
    secrets.set(name, secret);
    if (by !== undefined) handedOver.set(name, by);
    return secret;
  };
  const { issuer } = account;
  const application = await account.createApplication();
  plant('client secret', application.clientSecret, /^POST .*\/applications$/);
  const another = (await account.manage(`POST /applications/${application.clientId}/secrets`)) as {
    clientSecret: string;
  };
  plant('second client secret', another.clientSecret, /^POST .*\/secrets$/);
  plant('bootstrap key', account.handover.accessKeySecret);
  plant('first password of the administrator', account.handover.initialPassword);

  // A first logon: generated password, one of the user's own, an app, recovery codes.
  const made = (await account.manage('POST /users', {
    userName: 'canary',
    displayName: 'Canary',
    consoleLogon: { mfaRequired: true },
    programmaticAccess: true,
  })) as {
    initialPassword: string;
    accessKey: { id: string; secret: string };
  };
  plant('generated password', made.initialPassword, /^POST .*\/users$/);
  plant('access key secret', made.accessKey.secret, /^POST .*\/users$/);
  const browser = createHttpBrowser();
  const first = await browser.open(authorizationUrl(issuer, application.clientId));
  plant('csrf token', first.forms[0]?.fields['csrf'] ?? '', /\/logon\//);
  plant('id of a logon', first.url.pathname.split('/').at(-1) ?? '', /authorize|\/logon\//);
  const reset = await browser.submit(first, { username: 'canary', password: made.initialPassword });
  const chosen = plant('chosen password', newPassword());
  await browser.submit(reset, {
    new_password: plant('mistyped new password', newPassword()),
    confirm_password: chosen,
  });
  const bind = await browser.submit(reset, { new_password: chosen, confirm_password: chosen });
  const seed = plant('TOTP seed', totpSecretOn(bind), /\/logon\//);
  const authenticator = createAuthenticatorApp(seed);
  await browser.submit(bind, { code: '000000' });
  const codesPage = await browser.submit(bind, { code: await authenticator.nextCode() });
  const recoveryCodes = recoveryCodesOn(codesPage);
  for (const [at, code] of recoveryCodes.entries()) plant(`recovery code ${at}`, code, /\/logon\//);
  plant('recovery code without hyphens', recoveryCodes[1]?.replaceAll('-', '') ?? '');
  await browser.submit(codesPage, {});
  for (const { name, value } of browser.cookies.all()) plant(`cookie ${name}`, value, /./);

  // Wrong and right tries at everything.
  const typed = plant('password typed as a name', newPassword());
  await tryPassword(issuer, application.clientId, {
    userName: typed,
    password: plant('wrong password', newPassword()),
  });
  const person = { userName: 'canary', password: chosen, authenticator };
  const issued = await obtainCode(issuer, application, person, { browser });
  plant('code', issued.code, /authorize/);
  plant('verifier', issued.verifier);
  await redeemCode(issuer, application, { ...issued, verifier: plant('wrong verifier', newPassword()) });
  await redeemCode(issuer, { ...application, clientSecret: plant('wrong client secret', newPassword()) }, issued);
  const tokens = (await redeemCode(issuer, application, issued)).body as Record<string, string>;
  for (const name of ['access_token', 'refresh_token', 'id_token']) plant(name, tokens[name] ?? '', /\/oauth2\/token$/);
  const next = (await refresh(issuer, application, tokens['refresh_token'] ?? '')).body as Record<string, string>;
  for (const name of ['access_token', 'refresh_token', 'id_token'])
    plant(`second ${name}`, next[name] ?? '', /\/oauth2\/token$/);
  await introspect(issuer, application, next['access_token'] ?? '');
  await postAsClient(`${issuer}/oauth2/revoke`, application, { token: plant('unknown token', newPassword()) });
  const hinted = await browser.open(
    authorizationUrl(issuer, application.clientId, { prompt: 'login', id_token_hint: next['id_token'] ?? '' }),
  );
  await browser.submit(hinted, {
    username: 'canary',
    password: plant('wrong password at a hinted logon', newPassword()),
  });
  const keyToken = plant('token of the key', await accessKeyToken(issuer, made.accessKey), /\/oauth2\/token$/);
  await requestAccessKeyToken(issuer, { id: made.accessKey.id, secret: plant('wrong key secret', newPassword()) });
  await callApi(issuer, keyToken, 'POST /me/password', {
    oldPassword: plant('wrong old password', newPassword()),
    newPassword: plant('new password of a wrong try', newPassword()),
  });
  await callApi(issuer, keyToken, 'POST /me/password', { oldPassword: chosen, newPassword: 'canary' });
  await callApi(issuer, plant('wrong bearer', newPassword()), 'GET /users');
  await account.api('POST /users', {
    userName: 'x',
    displayName: 'x',
    consoleLogon: { password: plant('password beside an unknown field', newPassword()) },
    oops: 1,
  });
  await account.api(`PUT /users/canary/login-profile`, {
    password: plant('password beside a wrong flag', newPassword()),
    status: 'sideways',
  });
  await fetch(`${issuer}/api/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keyToken}`, 'content-type': 'application/json' },
    body: `{"userName":"x","password":"${plant('password in broken JSON', newPassword())}"`,
  });
  const set = plant('password set by an administrator', newPassword());
  await account.manage('PUT /users/canary/login-profile', { password: set, resetRequired: false });
  const last = await createHttpBrowser().open(authorizationUrl(issuer, application.clientId));
  expect(last.status).toBe(200);
  const again = createHttpBrowser();
  const waiting = await walkThroughLogon(again, await again.open(issuer), { ...person, password: set });
  expect(waiting.page.html).toContain('sign-out');
  for (const { name, value } of again.cookies.all()) plant(`later cookie ${name}`, value, /./);
  return { secrets, handedOver };
}

function promises(stores: 'embedded' | 'postgres-redis'): void {
  let server: TestServer;
  let account: TestAccount;
  let planted: Planted;
  let answers: readonly Recorded[];
  let administrator: Awaited<ReturnType<typeof logOnToPortal>>;
  beforeAll(async () => {
    server = await startTestServer({ stores, settings: { LOG_LEVEL: 'trace' } });
    account = await server.account();
    const recording = recordAnswers();
    try {
      planted = await plantSecrets(account);
      const password = newPassword();
      planted.secrets.set('new password of the administrator', password);
      administrator = await logOnToPortal(createHttpBrowser(), account.issuer, {
        userName: 'admin',
        password: account.handover.initialPassword,
        newPassword: password,
      });
    } finally {
      recording.stop();
    }
    ({ answers } = recording);
  });
  afterAll(() => server.close());

  it('all kinds of secrets were planted and used', () => {
    expect(planted.secrets.size).toBeGreaterThan(45);
    expect(answers.length).toBeGreaterThan(50);
    expect(administrator.page.html).toContain('sign-out');
  });

  it('the database holds none of them', async () => {
    const dump = await dumpDatabase(server.backend.db);
    expect(dump).toContain('canary');
    expect(dump).toContain('$argon2id$');
    expect(readableIn(dump, planted.secrets)).toEqual([]);
  });

  it.runIf(stores === 'postgres-redis')('Redis holds none of them, neither as key nor as value', async () => {
    const dump = await dumpRedis(server.stores.redis?.url ?? '');
    expect(dump).toContain(`oidc:${account.alias}:RefreshToken:`);
    expect(dump).toContain(`oidc:${account.alias}:Session:`);
    expect(readableIn(dump, planted.secrets)).toEqual([]);
  });

  it('no private key of ours stands there in the open either', async () => {
    const dump = await dumpDatabase(server.backend.db);
    expect(dump).toContain('private_jwk_sealed');
    expect(dump).not.toMatch(/"d"\s*:|\\"d\\":|PRIVATE KEY/);
    for (const { key } of server.backend.keyRing.keys)
      expect(formsOf(key.toString('base64')).some((form) => dump.includes(form))).toBe(false);
  });

  it('the log tells none of them, at its most talkative', () => {
    expect(readableIn(server.logLines.join('\n'), planted.secrets)).toEqual([]);
  });

  it('answers hold none that was typed, and each that is handed over only where it is', () => {
    const leaks = [...planted.secrets].flatMap(([name, secret]) => {
      const allowed = planted.handedOver.get(name);
      return answers
        .filter(
          ({ answer, request }) =>
            allowed?.test(request) !== true && formsOf(secret).some((form) => answer.includes(form)),
        )
        .map(({ request }) => `${name} in ${request}`);
    });
    // Names are shown again as they were typed: it is the one place where a person can see what went wrong.
    expect(leaks.filter((leak) => !leak.startsWith('password typed as a name in POST /'))).toEqual([]);
  });

  it('secrets shown once are in one answer', () => {
    for (const name of [
      'client secret',
      'second client secret',
      'generated password',
      'access key secret',
      'refresh_token',
      'second refresh_token',
      'token of the key',
      'recovery code 3',
    ]) {
      const secret = planted.secrets.get(name) ?? '';
      expect([name, answers.filter(({ answer }) => answer.includes(secret)).length]).toEqual([name, 1]);
    }
  });

  it('metrics and health tell none of them', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const { body } = await sendRaw(server.managementOrigin, path);
      expect(readableIn(body, planted.secrets)).toEqual([]);
    }
  });
}

describe('secrets leaving, embedded', () => promises('embedded'));

describeWithPostgres('secrets leaving, on Postgres and Redis', () => promises('postgres-redis'));

describeWithPostgres('secrets leaving when a store is gone', () => {
  it('what is logged of requests that failed tells no secret', async () => {
    const server = await startTestServer({
      stores: 'postgres-redis',
      forOutage: true,
      settings: { LOG_LEVEL: 'trace' },
    });
    try {
      const account = await server.account();
      const application = await account.createApplication();
      const user = await account.createUser();
      const tokens = await obtainTokens(account.issuer, application, user);
      const { page, browser } = await tryPassword(account.issuer, application.clientId, {
        userName: user.userName,
        password: 'wrong',
      });
      const secrets = new Map([
        ['password', user.password],
        ['client secret', application.clientSecret],
        ['access token', tokens.accessToken],
        ['refresh token', tokens.refreshToken],
        ['key', account.handover.accessKeySecret],
        ...tokens.browser.cookies.all().map(({ name, value }): [string, string] => [name, value]),
      ]);
      const useAll = async () => {
        const settled = await Promise.allSettled([
          browser.submit(page, { username: user.userName, password: user.password }),
          refresh(account.issuer, application, tokens.refreshToken),
          introspect(account.issuer, application, tokens.accessToken),
          tokens.browser.open(account.issuer),
          requestAccessKeyToken(account.issuer, {
            id: account.handover.accessKeyId,
            secret: account.handover.accessKeySecret,
          }),
          account.api('GET /users'),
        ]);
        expect(
          settled.every((one) => one.status === 'fulfilled' && ('status' in one.value ? one.value.status : 0) === 503),
        ).toBe(true);
      };
      await server.stores.redis?.kill();
      await useAll();
      await server.stores.postgres?.kill();
      await useAll();
      expect(server.logLines.length).toBeGreaterThan(5);
      expect(readableIn(server.logLines.join('\n'), secrets)).toEqual([]);
    } finally {
      await server.close();
    }
  }, 90_000);
});
