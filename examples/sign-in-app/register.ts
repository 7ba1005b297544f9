import { readFile } from 'node:fs/promises';

/** An access key of an administrator: what the example registers itself with. */
export interface Credentials {
  readonly issuer: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** What any app needs of an administrator. */
export interface Registration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const displayName = 'Sign-in example';

/** From the environment, or from the file that the first start of a server leaves. */
export async function findCredentials(env: NodeJS.ProcessEnv, firstRunFile: string): Promise<Credentials> {
  const {
    POSTERN_ISSUER: issuer,
    POSTERN_ACCESS_KEY_ID: accessKeyId,
    POSTERN_ACCESS_KEY_SECRET: accessKeySecret,
  } = env;
  if (issuer && accessKeyId && accessKeySecret) return { issuer, accessKeyId, accessKeySecret };
  if (issuer || accessKeyId || accessKeySecret) {
    throw new Error('Set POSTERN_ISSUER, POSTERN_ACCESS_KEY_ID and POSTERN_ACCESS_KEY_SECRET, all three or none.');
  }
  const text = await readFile(firstRunFile, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new Error(
      `There is no ${firstRunFile}. Start a server first, with the same DATA_DIR: npm start (in another terminal). ` +
        'For a server elsewhere set POSTERN_ISSUER, POSTERN_ACCESS_KEY_ID and POSTERN_ACCESS_KEY_SECRET.',
    );
  }
  const run = JSON.parse(text) as { publicUrl: string; alias: string; accessKeyId: string; accessKeySecret: string };
  return {
    issuer: `${run.publicUrl}/${run.alias}`,
    accessKeyId: run.accessKeyId,
    accessKeySecret: run.accessKeySecret,
  };
}

/** Registers the example through the management API; registered before, it only gets a new secret. */
export async function registerApp(credentials: Credentials, appUrl: string): Promise<Registration> {
  const { issuer } = credentials;
  const accessToken = await requestToken(credentials);
  const settings = { redirectUris: [`${appUrl}/callback`], postLogoutRedirectUris: [`${appUrl}/`] };
  const list = await callApi(issuer, accessToken, 'GET', `/applications?q=${encodeURIComponent(displayName)}`);
  const known = (list as { items: { clientId: string; displayName: string }[] }).items.find(
    (app) => app.displayName === displayName,
  );
  if (known === undefined) {
    const body = { displayName, type: 'web', firstParty: true, ...settings };
    const created = await callApi(issuer, accessToken, 'POST', '/applications', body);
    const { application, clientSecret } = created as { application: { clientId: string }; clientSecret: string };
    return { issuer, clientId: application.clientId, clientSecret };
  }
  const path = `/applications/${known.clientId}`;
  await callApi(issuer, accessToken, 'PATCH', path, settings);
  const rotated = await callApi(issuer, accessToken, 'POST', `${path}/secrets`, { removeOthers: true });
  return { issuer, clientId: known.clientId, clientSecret: (rotated as { clientSecret: string }).clientSecret };
}

/** An access key is an OAuth client: client_credentials gives a token that acts as its user. */
async function requestToken({ issuer, accessKeyId, accessKeySecret }: Credentials): Promise<string> {
  const answer = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${issuer}/api/v1` }),
  }).catch(() => undefined);
  if (answer === undefined)
    throw new Error(`${issuer} cannot be reached. Start a server first: npm start (in another terminal).`);
  if (!answer.ok) throw new Error(`The access key was refused (${answer.status}): ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function callApi(
  issuer: string,
  accessToken: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`${issuer}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was refused (${answer.status}): ${await answer.text()}`);
  return await answer.json();
}
