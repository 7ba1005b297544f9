import { randomBytes } from 'node:crypto';
import type { NewAccountHandover } from '../../src/domain/accounts/create-account.ts';

/** What the management API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A RAM user that a test made, with the password it knows. */
export interface TestUser {
  readonly userId: string;
  readonly userName: string;
  readonly password: string;
}

export interface NewTestUser {
  readonly userName?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly mobilePhone?: string;
  readonly password?: string;
  readonly resetRequired?: boolean;
  readonly mfaRequired?: boolean;
}

/** An application that a test made. `clientSecret` is empty for public ones. */
export interface TestApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly displayName: string;
}

/** An account of a running server, managed over the REST API with its bootstrap key. */
export interface TestAccount {
  readonly handover: NewAccountHandover;
  readonly alias: string;
  readonly accountId: string;
  readonly issuer: string;
  /** Sends `METHOD /path` under `/api/v1` as the administrator; a body goes as JSON. */
  readonly api: (line: string, body?: unknown) => Promise<ApiAnswer>;
  /** As `api`, and fails unless it was answered with 2xx. */
  readonly manage: (line: string, body?: unknown) => Promise<Record<string, unknown>>;
  readonly createUser: (settings?: NewTestUser) => Promise<TestUser>;
  readonly createApplication: (settings?: Readonly<Record<string, unknown>>) => Promise<TestApplication>;
}

/** The account of a handover, wherever its server runs. */
export function openTestAccount(handover: NewAccountHandover): TestAccount {
  const { publicUrl, alias, accountId } = handover;
  const issuer = `${publicUrl}/${alias}`;
  const held: { token?: string | undefined } = {};
  const call = async (line: string, body?: unknown): Promise<ApiAnswer> => {
    held.token ??= await accessKeyToken(issuer, { id: handover.accessKeyId, secret: handover.accessKeySecret });
    return await callApi(issuer, held.token, line, body);
  };
  const api = async (line: string, body?: unknown): Promise<ApiAnswer> => {
    const answer = await call(line, body);
    if (answer.status !== 401) return answer;
    // The administrator's password was changed, which ends tokens but not keys.
    held.token = undefined;
    return await call(line, body);
  };
  const manage = async (line: string, body?: unknown) => {
    const answer = await api(line, body);
    if (answer.status >= 300) throw new Error(`${line} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    ...{ handover, alias, accountId, issuer, api, manage },
    createUser: (settings = {}) => createUser(manage, settings),
    createApplication: (settings = {}) => createApplication(manage, settings),
  };
}

/** A token for the management API by `client_credentials`. */
export async function accessKeyToken(
  issuer: string,
  key: { readonly id: string; readonly secret: string },
): Promise<string> {
  const answer = await requestAccessKeyToken(issuer, key);
  const body = (await answer.json()) as { access_token?: string };
  if (body.access_token === undefined) throw new Error(`no token: ${answer.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

export const requestAccessKeyToken = (
  issuer: string,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<Response> =>
  fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });

/** One call of the management API with any token: `callApi(issuer, token, 'GET /users')`. */
export async function callApi(issuer: string, token: string, line: string, body?: unknown): Promise<ApiAnswer> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const answer = await fetch(`${issuer}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = /\bjson/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** A password that meets every rule and that nobody had before. */
export const newPassword = (): string => `Tall-giraffe-${randomBytes(9).toString('base64url')}-7`;

async function createUser(manage: TestAccount['manage'], settings: NewTestUser): Promise<TestUser> {
  const {
    userName = `u${randomBytes(4).toString('hex')}`,
    password = newPassword(),
    resetRequired = false,
    mfaRequired = false,
    ...rest
  } = settings;
  const created = await manage('POST /users', {
    userName,
    displayName: userName,
    ...rest,
    consoleLogon: { password, resetRequired, mfaRequired },
  });
  return { userId: (created['user'] as { userId: string }).userId, userName, password };
}

async function createApplication(
  manage: TestAccount['manage'],
  settings: Readonly<Record<string, unknown>>,
): Promise<TestApplication> {
  const created = await manage('POST /applications', {
    displayName: `App ${randomBytes(3).toString('hex')}`,
    type: 'web',
    firstParty: true,
    redirectUris: ['https://app.example.com/callback'],
    ...settings,
  });
  const { clientId, displayName } = created['application'] as { clientId: string; displayName: string };
  return { clientId, displayName, clientSecret: (created['clientSecret'] as string | undefined) ?? '' };
}
