import * as oidc from 'openid-client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewAccountHandover } from '../../src/domain/accounts/create-account.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty, type SignedIn, callbackOf } from '../support/relying-party.ts';
import { openTestStores, type StoresKind, type TestStores } from '../support/server-environment.ts';
import { newAccountIn, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { newPassword, openTestAccount, type TestAccount } from '../support/test-account.ts';
import { describeWithPostgresAndRedis } from './over-both-stores.ts';

/** An embedded database takes seconds to open again on a busy machine. */
const slow = 90_000;

describe('kill -9 of a server, embedded', () => killedServer('embedded'));
describeWithPostgresAndRedis('kill -9 of a server, Postgres and Redis', () => killedServer('postgres-redis'));

function killedServer(kind: StoresKind): void {
  let stores: TestStores;
  let server: ServerProcess;
  let account: TestAccount;
  let app: RelyingParty;
  beforeAll(async () => {
    stores = await openTestStores(kind);
    server = await startServerProcess(stores);
    account = kind === 'embedded' ? firstAccount(stores) : await newAccountIn(stores, server.origin);
    app = await connectRelyingParty(account);
  });
  afterAll(async () => {
    await app.close();
    await server.stop();
    await stores.remove();
  });

  const restart = async () => {
    await server.kill();
    await server.start();
  };

  it(
    'sessions, tokens and half-done logons go on where they were',
    async () => {
      const user = await account.createUser({ resetRequired: true });
      const chosen = newPassword();
      const request = await app.request();
      const browser = createHttpBrowser();
      const reset = await browser.submit(await browser.open(request.url), {
        username: user.userName,
        password: user.password,
      });
      expect(stepOf(reset)).toBe('reset');
      const settled = await account.createUser();
      const other = createHttpBrowser();
      const signedIn = await app.signIn(other, settled);

      await restart();
      const finished = await browser.submit(reset, { new_password: chosen, confirm_password: chosen });
      expect((await app.redeem(request, callbackOf(app, finished))).claims()?.sub).toBe(user.userId);
      expect((await app.signIn(other, settled, { prompt: 'none' })).claims['sid']).toBe(signedIn.claims['sid']);
      const renewed = await oidc.refreshTokenGrant(app.configuration, signedIn.tokens.refresh_token ?? '');

      await restart();
      const password = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, password: chosen });
      expect(password.steps).toEqual(['password']);
      expect((await oidc.tokenIntrospection(app.configuration, renewed.access_token)).active).toBe(true);
      const used = oidc.refreshTokenGrant(app.configuration, signedIn.tokens.refresh_token ?? '');
      await expect(used).rejects.toMatchObject({ error: 'invalid_grant' });
    },
    slow,
  );

  it(
    'nothing that was acknowledged is lost, in the middle of many logons',
    async () => {
      const users = await Promise.all(Array.from({ length: 6 }, () => account.createUser()));
      const acknowledged: SignedIn[] = [];
      const created: string[] = [];
      let running = true;
      const workers = users.map(async (user) => {
        while (running) {
          await app
            .signIn(createHttpBrowser(), user)
            .then((signedIn) => acknowledged.push(signedIn))
            .catch(() => undefined);
          await account
            .createUser()
            .then(({ userName }) => created.push(userName))
            .catch(() => undefined);
        }
      });
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(8);
      await server.kill();
      running = false;
      await Promise.all(workers);
      await server.start();
      expect(server.output()).not.toMatch(/"level":(50|60)/);
      for (const { tokens, claims } of acknowledged) {
        expect((await oidc.fetchUserInfo(app.configuration, tokens.access_token, claims.sub)).sub).toBe(claims.sub);
      }
      for (const userName of created) expect((await account.api(`GET /users/${userName}`)).status).toBe(200);
    },
    slow,
  );

  it(
    'asked to stop, it ends by itself and answers what it had begun',
    async () => {
      const answers = Promise.all(
        Array.from({ length: 5 }, () => fetch(`${account.issuer}/.well-known/openid-configuration`)),
      );
      const statuses = (await answers).map(({ status }) => status);
      await server.stop();
      expect(server.exitCode()).toBe(0);
      expect(statuses).toEqual([200, 200, 200, 200, 200]);
      await server.start();
      expect((await account.api('GET /me')).status).toBe(200);
    },
    slow,
  );
}

/** The account that the first start on an embedded database makes. */
function firstAccount({ settings }: TestStores): TestAccount {
  const text = readFileSync(join(settings['DATA_DIR'] ?? '', 'first-run.json'), 'utf8');
  return openTestAccount(JSON.parse(text) as NewAccountHandover);
}
