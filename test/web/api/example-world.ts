import { upsertConsent } from '../../../src/domain/consents/consents-store.ts';
import { newToken } from '../../../src/crypto/tokens.ts';
import { listKnownDevices } from '../../../src/domain/devices/known-devices-store.ts';
import { noteKnownDevice } from '../../../src/domain/devices/note-known-device.ts';
import { bindTotp } from '../../../src/domain/mfa/mfa.ts';
import { findPendingDevice } from '../../../src/domain/mfa/pending-devices.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { addSigningKey, generateSigningKey } from '../../../src/domain/signing-keys/signing-keys.ts';
import { parameterExamples } from '../../../src/web/api/parameter-examples.ts';
import { placeholdersOf } from '../../../src/web/api/read-input.ts';
import type { Route } from '../../../src/web/api/route-types.ts';
import { newAccount, newUser, type TestAccount, userRow } from '../../domain/operation-harness.ts';
import { codeAt } from '../../support/authenticator-app.ts';
import { plainPng } from '../../support/png-files.ts';
import { type Answered, type ApiServer, type Call, callerOn } from './api-server.ts';

/** An account of its own in which the document's examples can be tried: what they name is there. */
export interface ExampleWorld {
  readonly account: TestAccount;
  readonly call: Call;
  /** What to send for a route: its example, with real things for the placeholders. */
  readonly requestFor: (route: Route) => Promise<readonly [line: string, body: unknown]>;
}

type Values = Record<string, string>;

/** The world as the things in it are made. */
interface Making {
  readonly server: ApiServer;
  readonly account: TestAccount;
  readonly call: Call;
  readonly route: Route;
  /** What earlier placeholders of the path stand for. */
  readonly values: Values;
}

/** What lives in browsers alone, so that no call of the API can make it: these addresses are tried with something absent. */
export const isOutOfReach = ({ path }: Pick<Route, 'path'>): boolean => path.includes(':sessionId');

function text(answer: Answered, ...path: readonly string[]): string {
  const value = path.reduce<unknown>(
    (inner, name) => (inner as Record<string, unknown> | undefined)?.[name],
    answer.body,
  );
  if (typeof value !== 'string') throw new Error(`no ${path.join('.')} in ${answer.status} ${answer.text}`);
  return value;
}

const document = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'wiki:Get*', Resource: '*' }] };

const redirectUris = ['https://mail.example.com/callback'];

/** Makes what a placeholder stands for. */
const makers: Readonly<Record<string, (making: Making) => Promise<string>>> = {
  userName: async () => 'alice',
  groupName: async () => 'developers',
  policyType: async () => 'custom',
  policyName: async () => 'wiki-editors',
  deviceId: async ({ server, account, route }) => {
    const userName = route.path.startsWith('/me') ? account.admin.userName : 'alice';
    return await knownDevice(server, account, userName);
  },
  sessionId: async () => parameterExamples['sessionId'] ?? '',
  userId: async ({ call }) => text(await call('GET /users/alice'), 'userId'),
  clientId: async ({ call }) =>
    text(
      await call('POST /applications', { displayName: 'Mail', type: 'web', redirectUris }),
      'application',
      'clientId',
    ),
  secretId: async ({ call, values }) =>
    text(await call(`POST /applications/${values['clientId']}/secrets`), 'secret', 'secretId'),
  accessKeyId: async ({ call, route }) =>
    text(await call(`POST ${route.path.startsWith('/me') ? '/me' : '/users/alice'}/access-keys`), 'accessKey', 'id'),
  versionId: async ({ call }) =>
    text(
      await call('POST /policies/custom/wiki-editors/versions', { policyDocument: document }),
      ...['policyVersion', 'versionId'],
    ),
  accountAlias: async ({ call, account }) => {
    await call('PATCH /account', { alias: `${account.alias}-new` });
    return account.alias;
  },
  kid: async ({ call }) => text(await call('POST /account/signing-keys', { alg: 'ES256' }), 'kid'),
  accountId: async ({ call, account }) =>
    text(await call('POST /accounts', { alias: `${account.alias}-made`, adminUserName: 'admin' }), 'accountId'),
  mfaDeviceId: async (making) =>
    making.route.path.endsWith('/activation')
      ? text(await making.call('POST /me/mfa-devices', { name: 'Phone' }), 'id')
      : await boundDevice(making),
};

async function knownDevice({ harness: { deps } }: ApiServer, { accountId }: TestAccount, userName: string) {
  const user = await userRow(deps.db, accountId, userName);
  if (user === undefined) throw new Error(`no user ${userName}`);
  const seen = { userAgent: 'Firefox', sourceIp: '192.0.2.17', saveMfa: false, tokenHash: newToken() };
  await noteKnownDevice(deps.db, { accountId, userId: user.userId, accountEpoch: 1, userEpoch: user.epoch, ...seen });
  return (await listKnownDevices(deps.db, user.userId))[0]?.knownDeviceId ?? '';
}

async function boundDevice({ server, account, call, route }: Making): Promise<string> {
  const own = route.path.startsWith('/me');
  await bind(server, account, own ? account.admin.userName : 'alice');
  const listed = await call(`GET ${own ? '/me' : '/users/alice'}/mfa-devices`);
  return (listed.body['items'] as { id: string }[])[0]?.id ?? '';
}

async function bind({ harness: { deps } }: ApiServer, { accountId }: TestAccount, userName: string): Promise<void> {
  const user = await userRow(deps.db, accountId, userName);
  if (user !== undefined) await bindTotp(deps, user, { secret: newTotpSecret(), provedStep: 0 });
}

/** What must be so, beside what the address names, for the request to do something. */
const foundations: Readonly<Record<string, (making: Making) => Promise<unknown>>> = {
  'DELETE /users/:userName/policies/:policyType/:policyName': ({ call }) =>
    call('PUT /users/alice/policies/custom/wiki-editors'),
  'DELETE /groups/:groupName/policies/:policyType/:policyName': ({ call }) =>
    call('PUT /groups/developers/policies/custom/wiki-editors'),
  'DELETE /groups/:groupName/users/:userName': ({ call }) => call('PUT /groups/developers/users/alice'),
  'DELETE /users/:userName/consents/:clientId': (making) => consent(making, 'alice'),
  'DELETE /me/consents/:clientId': (making) => consent(making, making.account.admin.userName),
  'DELETE /users/:userName/mfa-devices': ({ server, account }) => bind(server, account, 'alice'),
  'DELETE /account/branding/logo': ({ call }) =>
    call('PUT /account/branding/logo', { image: plainPng(2, 1).toString('base64') }),
  'POST /me/recovery-codes': ({ server, account }) => bind(server, account, account.admin.userName),
};

async function consent({ server, account, values }: Making, userName: string): Promise<void> {
  const { db } = server.harness.deps;
  const user = await userRow(db, account.accountId, userName);
  const reference = { accountId: account.accountId, userId: user?.userId ?? '', clientId: values['clientId'] ?? '' };
  await upsertConsent(db, reference, { scopes: ['openid'] });
}

const password = 'violet-anchor-spoons-91';

/** Bodies that no document can show, since they prove something of the moment. */
const provingBodies: Readonly<Record<string, (making: Making) => Promise<unknown>>> = {
  'POST /me/mfa-devices/:mfaDeviceId/activation': async ({ server, account, values }) => {
    const { ephemeral, keyRing } = server.harness.deps;
    const pending = await findPendingDevice({ ephemeral, keyRing }, account.admin, values['mfaDeviceId'] ?? '');
    const step = Math.floor(Date.now() / 30_000);
    const codes = await Promise.all([step, step + 1].map((one) => codeAt(pending?.secret ?? '', one)));
    return { authenticationCode1: codes[0], authenticationCode2: codes[1], password };
  },
  'DELETE /me/mfa-devices/:mfaDeviceId': async () => ({ password }),
  'POST /me/recovery-codes': async () => ({ password }),
};

async function furnish({ harness }: ApiServer, { accountId }: TestAccount, call: Call): Promise<void> {
  await call('PUT /users/root/login-profile', { password, resetRequired: false });
  await newUser(harness.deps.db, accountId, 'alice');
  await call('POST /groups', { groupName: 'developers' });
  await call('POST /policies', { policyName: 'wiki-editors', policyDocument: document });
  await addSigningKey(harness.deps, accountId, await generateSigningKey('ES256'), 0);
}

/** An account of the platform, so that nothing is out of its administrator's reach. */
export async function openExampleWorld(server: ApiServer): Promise<ExampleWorld> {
  const account = await newAccount(server.harness, { isPlatform: true });
  const { accountId } = account;
  const policyNames = ['AdministratorAccess', 'PlatformAdministratorAccess'];
  // With a second factor: what changes one's own factors asks for it.
  const root = { ...(await newUser(server.harness.deps.db, accountId, 'root', policyNames)), mfaPresent: true };
  const call = callerOn(server, account, root);
  const own = { ...account, admin: root };
  await furnish(server, own, call);
  const requestFor = async (route: Route): Promise<readonly [string, unknown]> => {
    const values: Values = {};
    const making = { server, account: own, call, route, values };
    for (const name of placeholdersOf(route.path)) {
      const make = makers[name];
      if (make === undefined) throw new Error(`example-world.ts makes nothing for :${name}`);
      values[name] = await make(making);
    }
    const key = `${route.method} ${route.path}`;
    await foundations[key]?.(making);
    const path = route.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(values[name] ?? ''));
    const query = new URLSearchParams(route.example?.query ?? {}).toString();
    const body = (await provingBodies[key]?.(making)) ?? route.example?.body;
    return [`${route.method} ${path}${query === '' ? '' : `?${query}`}`, body];
  };
  return { account: own, call, requestFor };
}
