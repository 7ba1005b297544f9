import { randomBytes } from 'node:crypto';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { callApi, newPassword, openTestAccount, type TestAccount } from '../../support/test-account.ts';
import type { Holder } from './stale-access-holder.ts';

/** What is done to a holder. Answers what of them is another since. */
export type Cause = (holder: Holder, platform: TestAccount) => Promise<unknown>;

/** As the administrator, at the user's own address: `DELETE /access-keys`. */
const manageUser = ({ account, user }: Holder, line: string, body?: unknown) => {
  const [method = '', path = ''] = line.split(' ');
  return account.manage(`${method} /users/${user.userName}${path}`, body);
};

/** As the user, with the token of their access key. */
async function callAsUser({ account, keyToken }: Holder, line: string, body?: unknown): Promise<void> {
  const { status } = await callApi(account.issuer, keyToken, line, body);
  if (status >= 300) throw new Error(`${line} answered ${status}`);
}

/** Fills in a form of the portal. */
async function sendInPortal(
  { account }: Holder,
  browser: HttpBrowser,
  { path, to = path, fields = {} }: { path: string; to?: string; fields?: Readonly<Record<string, string>> },
): Promise<void> {
  const page = await browser.open(`${account.issuer}/portal${path}`);
  const form = page.forms.find(({ action }) => action.split('?')[0] === `/${account.alias}${to}`);
  if (form === undefined) throw new Error(`no form to ${to} on ${page.url.pathname} (${page.status})`);
  const { status } = await browser.submit(page, fields, { form });
  if (status >= 400) throw new Error(`${to} answered ${status}`);
}

async function mfaDeviceId(holder: Holder, isWanted: (type: string) => boolean): Promise<string> {
  const { items } = (await manageUser(holder, 'GET /mfa-devices')) as { items: { id: string; type: string }[] };
  const found = items.find(({ type }) => isWanted(type));
  if (found === undefined) throw new Error(`no such device: ${JSON.stringify(items)}`);
  return found.id;
}

const isApp = (type: string): boolean => type === 'totp';
const isKey = (type: string): boolean => type !== 'totp';

/** The id of the session that the apps are signed in through. */
async function sessionId(holder: Holder): Promise<string> {
  const { items } = (await manageUser(holder, 'GET /sessions')) as { items: { id: string; apps: unknown[] }[] };
  const found = items.find(({ apps }) => apps.length > 0);
  if (found === undefined || items.length < 2) throw new Error(`not the sessions meant: ${JSON.stringify(items)}`);
  return found.id;
}

const manageAccount = (platform: TestAccount, { account }: Holder, line: string, body?: unknown) =>
  platform.manage(`${line} /accounts/${account.accountId}`, body);

/** Gives the account another name; answers it under that one. */
async function rename({ account }: Holder): Promise<TestAccount> {
  const alias = `r${randomBytes(5).toString('hex')}`;
  await account.manage('PATCH /account', { alias });
  return openTestAccount({ ...account.handover, alias });
}

async function release(holder: Holder): Promise<TestAccount> {
  const renamed = await rename(holder);
  await renamed.manage(`DELETE /account/aliases/${holder.account.alias}`);
  return renamed;
}

const changeUser = {
  'nothing at all': () => Promise.resolve(),
  'user disabled': (holder) => manageUser(holder, 'PATCH ', { status: 'frozen' }),
  'user disabled and enabled again': async (holder) => {
    await manageUser(holder, 'PATCH ', { status: 'frozen' });
    await manageUser(holder, 'PATCH ', { status: 'active' });
  },
  'user deleted': (holder) => manageUser(holder, 'DELETE ?cascade=true'),
  'password changed by the user, in the portal': async (holder) => {
    const password = newPassword();
    const { password: oldPassword } = holder.user;
    const fields = { old_password: oldPassword, new_password: password, confirm_password: password };
    await sendInPortal(holder, holder.elsewhere, { path: '/password', to: '/portal/password', fields });
    return { password };
  },
  'password changed by the user, over REST': async (holder) => {
    const password = newPassword();
    const change = { oldPassword: holder.user.password, newPassword: password };
    await callAsUser(holder, 'POST /me/password', change);
    return { password };
  },
  'password reset by an administrator': async (holder) => {
    const password = newPassword();
    await manageUser(holder, 'PUT /login-profile', { password, resetRequired: false });
    return { password };
  },
  'login profile removed': (holder) => manageUser(holder, 'DELETE /login-profile'),
  'login profile removed and given again': async (holder) => {
    await manageUser(holder, 'DELETE /login-profile');
    await manageUser(holder, 'PUT /login-profile', { password: holder.user.password, resetRequired: false });
  },
  'login profile switched off and on': async (holder) => {
    await manageUser(holder, 'PUT /login-profile', { status: 'inactive' });
    await manageUser(holder, 'PUT /login-profile', { status: 'active' });
  },
  'second factor demanded from now on': (holder) => manageUser(holder, 'PUT /login-profile', { mfaRequired: true }),
} as const satisfies Record<string, Cause>;

const changeFactors = {
  'all second factors reset by an administrator': (holder) => manageUser(holder, 'DELETE /mfa-devices'),
  'authenticator app removed by an administrator': async (holder) =>
    manageUser(holder, `DELETE /mfa-devices/${await mfaDeviceId(holder, isApp)}`),
  'security key removed by an administrator': async (holder) =>
    manageUser(holder, `DELETE /mfa-devices/${await mfaDeviceId(holder, isKey)}`),
  'authenticator app removed by the user': async (holder) => {
    const code = await holder.authenticator.nextCode();
    await callAsUser(holder, `DELETE /me/mfa-devices/${await mfaDeviceId(holder, isApp)}`, { code });
  },
  'security key removed by the user': async (holder) => {
    const code = await holder.authenticator.nextCode();
    await callAsUser(holder, `DELETE /me/mfa-devices/${await mfaDeviceId(holder, isKey)}`, { code });
  },
  'devices forgotten by an administrator': (holder) => manageUser(holder, 'DELETE /devices'),
  'devices forgotten by the user': (holder) => callAsUser(holder, 'DELETE /me/devices'),
  'access key disabled': (holder) => manageUser(holder, `PATCH /access-keys/${holder.key.id}`, { status: 'inactive' }),
  'access key disabled and enabled again': async (holder) => {
    await manageUser(holder, `PATCH /access-keys/${holder.key.id}`, { status: 'inactive' });
    await manageUser(holder, `PATCH /access-keys/${holder.key.id}`, { status: 'active' });
  },
  'access key removed': (holder) => manageUser(holder, `DELETE /access-keys/${holder.key.id}`),
} as const satisfies Record<string, Cause>;

const endSessions = {
  'one session ended by an administrator': async (holder) =>
    manageUser(holder, `DELETE /sessions/${await sessionId(holder)}`),
  'one session ended by the user': async (holder) =>
    callAsUser(holder, `DELETE /me/sessions/${await sessionId(holder)}`),
  'signed out of one session': (holder) =>
    // Whoever has a copy of the cookies keeps it.
    sendInPortal(holder, createHttpBrowser(holder.browser.cookies.copy()), { path: '', to: '/portal/sign-out' }),
  'all other sessions ended by the user': (holder) =>
    sendInPortal(holder, holder.elsewhere, { path: '/sessions', to: '/portal/sessions/end-others' }),
  'all sessions ended by an administrator': (holder) => manageUser(holder, 'DELETE /sessions'),
  'all sessions ended by the user': (holder) => callAsUser(holder, 'DELETE /me/sessions'),
} as const satisfies Record<string, Cause>;

const changeApps = {
  'consent withdrawn by the user': (holder) => callAsUser(holder, `DELETE /me/consents/${holder.partner.clientId}`),
  'consent withdrawn by an administrator': (holder) =>
    manageUser(holder, `DELETE /consents/${holder.partner.clientId}`),
  'application removed': ({ account, partner }) => account.manage(`DELETE /applications/${partner.clientId}`),
  'application’s access to the API withdrawn': ({ account, partner }) =>
    account.manage(`PATCH /applications/${partner.clientId}`, { apiAccess: 'none' }),
  'application’s address replaced': ({ account, partner }) =>
    account.manage(`PATCH /applications/${partner.clientId}`, { redirectUris: ['https://app.example.com/other'] }),
  'application’s secret replaced': ({ account, partner }) =>
    account.manage(`POST /applications/${partner.clientId}/secrets`, { removeOthers: true }),
} as const satisfies Record<string, Cause>;

const changeAccount = {
  'account suspended': (holder, platform) => manageAccount(platform, holder, 'PATCH', { status: 'suspended' }),
  'account suspended and brought back': async (holder, platform) => {
    await manageAccount(platform, holder, 'PATCH', { status: 'suspended' });
    await manageAccount(platform, holder, 'PATCH', { status: 'active' });
  },
  'account deleted': (holder, platform) => manageAccount(platform, holder, 'DELETE'),
  'account renamed': (holder) => rename(holder),
  'alias released': (holder) => release(holder),
  'alias released and taken back': async (holder) => {
    const renamed = await release(holder);
    await renamed.manage('PATCH /account', { alias: holder.account.alias });
  },
} as const satisfies Record<string, Cause>;

/** Every way to take access away, by what it is called in the table of verdicts. */
export const causes = { ...changeUser, ...changeFactors, ...endSessions, ...changeApps, ...changeAccount };

export type CauseName = keyof typeof causes;

/** Does it. Answers the holder's password from then on. */
export async function bringAbout(name: CauseName, holder: Holder, platform: TestAccount): Promise<string> {
  const cause: Cause = causes[name];
  const changed = await cause(holder, platform);
  const isPassword = typeof changed === 'object' && changed !== null && 'password' in changed;
  return isPassword ? String(changed.password) : holder.user.password;
}
