import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal } from '../support/logon-driver.ts';
import { accessKeyToken, newPassword, requestAccessKeyToken, type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { introspect, obtainTokens, refresh } from './support/code-flow.ts';
import { tryPassword } from './support/logon-start.ts';
import { type PlantedWithCodes, plantSecrets } from './support/planted-secrets.ts';
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

function promises(stores: 'embedded' | 'postgres-redis'): void {
  let server: TestServer;
  let account: TestAccount;
  let planted: PlantedWithCodes;
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

  const adminToken = () => {
    const { accessKeyId: id, accessKeySecret: secret } = account.handover;
    return accessKeyToken(account.issuer, { id, secret });
  };

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
      'own access key secret',
      'seed of a second app',
      'refresh_token',
      'second refresh_token',
      'token of the key',
      'recovery code 3',
    ]) {
      const secret = planted.secrets.get(name) ?? '';
      expect([name, answers.filter(({ answer }) => answer.includes(secret)).length]).toEqual([name, 1]);
    }
  });

  it('the audit log tells none of them, by page or as an export, nor a code that was typed', async () => {
    const pages = JSON.stringify(await account.manage('GET /audit-events?limit=1000'));
    const { headers } = { headers: { authorization: `Bearer ${await adminToken()}` } };
    const answer = await fetch(`${account.issuer}/api/v1/audit-events?format=ndjson`, { headers });
    const lines = await answer.text();
    for (const told of [pages, lines]) {
      for (const action of [
        'logon',
        'ram:CreateUser',
        'ram:CreateAccessKey',
        'ram:BindMFADevice',
        'ram:ChangePassword',
      ])
        expect(told).toContain(`"action":"${action}"`);
      expect(told).toContain('"outcome":"refused"');
      expect(readableIn(told, planted.secrets)).toEqual([]);
    }
    expect(planted.codes.length).toBe(4);
    for (const code of planted.codes)
      for (const told of [lines, server.logLines.join('\n')]) expect(told).not.toMatch(new RegExp(`\\b${code}\\b`));
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
