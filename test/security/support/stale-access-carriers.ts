import { takeTry } from '../../../src/domain/throttle/throttle.ts';
import { findUser } from '../../../src/domain/users/users-store.ts';
import { listMfaDevices } from '../../../src/domain/mfa/mfa-store.ts';
import { giveAuthenticatorApp } from '../../support/factors.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { passkeyOptionsOn, stepOf } from '../../support/logon-driver.ts';
import { callApi, requestAccessKeyToken } from '../../support/test-account.ts';
import { authorizationUrl, introspect, redeemCode, refresh, userinfoStatus } from './code-flow.ts';
import { hasCode } from './logon-start.ts';
import type { Holder } from './stale-access-holder.ts';

/** `lives`, `dies`, or what came in place of an orderly refusal: a fault or a throttled try is no death. */
export type Verdict = string;

/** The holder, with the password as it is by now. */
export interface Tried extends Holder {
  readonly password: string;
}

const statusVerdict = (status: number, lives: boolean): Verdict => {
  if (lives) return 'lives';
  return status >= 400 && status < 500 && status !== 429 ? 'dies' : `answered ${status}`;
};

const refusals: readonly (string | null)[] = ['login_required', 'consent_required'];

/** A page that leads to no access: it asks who somebody is or what they allow, tells the app so, or refuses. */
function pageVerdict(page: BrowserPage, { lives, asks }: { lives: boolean; asks: readonly string[] }): Verdict {
  if (lives) return 'lives';
  const isAsking = page.status < 400 && asks.includes(stepOf(page) ?? '');
  const isTold = refusals.includes(page.leftFor?.searchParams.get('error') ?? null);
  return isAsking || isTold ? 'dies' : statusVerdict(page.status, false);
}

const isInPortal = ({ status, html }: BrowserPage): boolean => status === 200 && html.includes('id="sign-out"');

async function tryPortal({ account }: Tried, browser: HttpBrowser): Promise<Verdict> {
  const page = await browser.open(account.issuer);
  return pageVerdict(page, { lives: isInPortal(page), asks: ['password'] });
}

async function tryAuthorize({ account, partner, browser }: Tried, changes: Record<string, string>): Promise<Verdict> {
  const page = await browser.open(authorizationUrl(account.issuer, partner.clientId, changes));
  return pageVerdict(page, { lives: hasCode(page), asks: ['password', 'consent'] });
}

async function tryConsentPage({ browser, consentPage }: Tried): Promise<Verdict> {
  const page = await browser.submit(consentPage, {}, { button: 'approve' });
  return pageVerdict(page, { lives: hasCode(page), asks: ['password'] });
}

async function tryApi({ account }: Tried, token: string): Promise<Verdict> {
  const { status } = await callApi(account.issuer, token, 'GET /me');
  return statusVerdict(status, status === 200);
}

async function tryIntrospection({ account, partner, accessToken }: Tried): Promise<Verdict> {
  const { status, body } = await introspect(account.issuer, partner, accessToken);
  if (status === 200) return body['active'] === true ? 'lives' : 'dies';
  return statusVerdict(status, false);
}

/** Shows a second factor that the user still has, so that what is refused is the logon and not the factor. */
async function tryHalfway({ servers, user, halfway, authenticator, securityKey }: Tried): Promise<Verdict> {
  const devices = await listMfaDevices(servers.backend.db, user.userId);
  const proof = devices.some(({ type }) => type === 'totp')
    ? { step: 'totp', code: await authenticator.nextCode() }
    : { passkey_response: securityKey.assert(passkeyOptionsOn(halfway.page)) };
  const page = await halfway.browser.submit(halfway.page, proof);
  // Once the consent is withdrawn, the logon that is through asks for it again.
  return pageVerdict(page, { lives: hasCode(page) || stepOf(page) === 'consent', asks: ['password'] });
}

/** The device alone, as a new browser window or a thief of its cookies has it. */
function onDeviceAlone({ elsewhere }: Tried): HttpBrowser {
  const cookies = elsewhere.cookies.copy();
  cookies.remove(({ name }) => name !== 'postern.device');
  return createHttpBrowser(cookies);
}

/** An everyday logon with the right password: dies where it asks for a second factor. Whoever has lost all of them has bound a new one. */
async function tryRememberedFactor(tried: Tried): Promise<Verdict> {
  const { servers, account, user, password } = tried;
  const { userId } = user;
  const isThere = (await findUser(servers.backend.db, account.accountId, { userId })) !== undefined;
  if (isThere && (await listMfaDevices(servers.backend.db, userId)).length === 0)
    await giveAuthenticatorApp(servers, account, user);
  const browser = onDeviceAlone(tried);
  const first = await browser.open(account.issuer);
  if (stepOf(first) !== 'password') return statusVerdict(first.status, false);
  const page = await browser.submit(first, { username: user.userName, password });
  return pageVerdict(page, { lives: isInPortal(page), asks: ['passkey-factor', 'totp'] });
}

/** As after guesses from so many sources that no stranger is let in as this user for a while. */
async function shutOutStrangers({ servers, account: { accountId }, user: { userName } }: Tried): Promise<void> {
  const guess = { accountId, userName, factor: 'password' } as const;
  for (let at = 0; at < 250; at += 1)
    if ((await takeTry(servers.backend.ephemeral, { ...guess, sourceIp: `198.18.${at}.1` })) !== undefined) return;
  throw new Error('strangers may go on guessing');
}

/** While strangers have to wait, a try from a device that is known is evaluated (and wrong). */
async function tryKnownDevice(tried: Tried): Promise<Verdict> {
  const { account, user } = tried;
  await shutOutStrangers(tried);
  const browser = onDeviceAlone(tried);
  const first = await browser.open(account.issuer);
  if (stepOf(first) !== 'password') return statusVerdict(first.status, false);
  const { status } = await browser.submit(first, { username: user.userName, password: 'wrong' });
  return status === 429 ? 'dies' : status === 401 ? 'lives' : `answered ${status}`;
}

async function ofStatus(answering: Promise<{ readonly status: number } | number>): Promise<Verdict> {
  const answer = await answering;
  const status = typeof answer === 'number' ? answer : answer.status;
  return statusVerdict(status, status === 200);
}

/** Every carrier, tried where it is used; in this order, for the last make something new or shut others out. */
const tries = {
  session: (tried) => tryPortal(tried, tried.browser),
  elsewhere: (tried) => tryPortal(tried, tried.elsewhere),
  silent: (tried) => tryAuthorize(tried, { prompt: 'none' }),
  sso: (tried) => tryAuthorize(tried, {}),
  code: ({ account, partner, code }) => ofStatus(redeemCode(account.issuer, partner, code)),
  refresh: ({ account, house, refreshToken }) => ofStatus(refresh(account.issuer, house, refreshToken)),
  offline: ({ account, partner, offlineRefreshToken }) =>
    ofStatus(refresh(account.issuer, partner, offlineRefreshToken)),
  userinfo: ({ account, accessToken }) => ofStatus(userinfoStatus(account.issuer, accessToken)),
  introspect: tryIntrospection,
  api: (tried) => tryApi(tried, tried.apiToken),
  keyToken: (tried) => tryApi(tried, tried.keyToken),
  key: ({ account, key }) => ofStatus(requestAccessKeyToken(account.issuer, key)),
  consent: tryConsentPage,
  halfway: tryHalfway,
  remembered: tryRememberedFactor,
  device: tryKnownDevice,
} satisfies Record<string, (tried: Tried) => Promise<Verdict>>;

export type Carrier = keyof typeof tries;

export const carriers = Object.keys(tries) as Carrier[];

/** What becomes of each of them at its very next use. */
export async function tryEverything(tried: Tried): Promise<Record<Carrier, Verdict>> {
  const verdicts: Partial<Record<Carrier, Verdict>> = {};
  for (const carrier of carriers) verdicts[carrier] = await tries[carrier](tried);
  return verdicts as Record<Carrier, Verdict>;
}
