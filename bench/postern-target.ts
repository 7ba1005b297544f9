import { randomBytes } from 'node:crypto';
import { newKeyRingEntry } from '../src/crypto/key-ring.ts';
import type { NewAccountHandover } from '../src/domain/accounts/create-account.ts';
import { freePort } from '../test/support/throwaway-process.ts';
import { type MeasuredChild, startChild } from './child-question.ts';
import { benchRedirectUri, benchScope, benchUserNames, type ClientCredentials, type Target } from './target.ts';

interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

export interface StartedServer {
  readonly child: MeasuredChild;
  readonly target: Target;
}

/** Starts Postern on the stores, and makes an account with an app and users through its management API. */
export async function startPostern({ databaseUrl, redisUrl }: Stores, workers: number): Promise<StartedServer> {
  const port = await freePort();
  const env = {
    PUBLIC_URL: `http://localhost:${port}`,
    PORT: String(port),
    MANAGEMENT_PORT: String(await freePort()),
    BIND_ADDRESS: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    ENCRYPTION_KEYS: newKeyRingEntry('bench'),
    LOG_LEVEL: 'warn',
    API_REQUESTS_PER_MINUTE: '1000000',
  };
  const child = startChild('./postern-server.ts', env);
  const account = await child.ask<NewAccountHandover>('makeAccount');
  const issuer = `${account.publicUrl}/${account.alias}`;
  const service = { id: account.accessKeyId, secret: account.accessKeySecret };
  const api = await signIn(issuer, service);
  const password = randomBytes(18).toString('base64url');
  const users = benchUserNames(workers).map((name) => ({ name, password }));
  await api('/users', users.map(newUser));
  const app = await api('/applications', newApp);
  const { application, clientSecret } = app as { application: { clientId: string }; clientSecret: string };
  return {
    child,
    target: {
      issuer,
      app: { id: application.clientId, secret: clientSecret },
      redirectUri: benchRedirectUri,
      scope: benchScope,
      service,
      resource: `${issuer}/api/v1`,
      adminAddress: `${issuer}/api/v1/users/worker-0`,
      users,
    },
  };
}

const newUser = ({ name, password }: { name: string; password: string }) => ({
  userName: name,
  displayName: `Worker ${name}`,
  email: `${name}@example.com`,
  consoleLogon: { password, resetRequired: false, mfaRequired: false },
});

const newApp = { displayName: 'Bench', type: 'web', redirectUris: [benchRedirectUri], firstParty: true };

type Api = (path: string, body: unknown) => Promise<unknown>;

async function signIn(issuer: string, { id, secret }: ClientCredentials): Promise<Api> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const { access_token } = (await post(`${issuer}/oauth2/token`, {}, body)) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  return (path, json) => post(`${issuer}/api/v1${path}`, headers, JSON.stringify(json));
}

async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | URLSearchParams,
): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
