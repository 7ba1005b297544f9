import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLiveState } from '../../../src/domain/live-state/live-state.ts';
import { createArtefactHints } from '../../../src/web/oidc/artefact-hints.ts';
import { withRequestState } from '../../../src/web/oidc/request-state.ts';
import { createSessionAdapter } from '../../../src/web/oidc/session-adapter.ts';
import { giveAuthenticatorApp, givePasskey } from '../../support/factors.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { stepOf } from '../../support/logon-driver.ts';
import { entriesOf } from '../../support/passing-time.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import { createSecurityKey } from '../../support/software-authenticator.ts';
import type { TestAccount, TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const [pwd, mfa, phr] = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa', 'urn:postern:acr:phr'] as const;
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});
const hour = 3600;

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
let user: TestUser;
let browser: HttpBrowser;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
});
beforeEach(async () => {
  account = await server.account();
  app = await connectRelyingParty(account);
  user = await account.createUser();
  browser = createHttpBrowser();
  return () => app.close();
});
afterAll(() => server.close());

interface SessionRecord {
  readonly payload: Record<string, unknown> & { loginTs: number; exp: number; uid: string };
}

const sessionEntry = async () => {
  const found = (await entriesOf(server, account.alias)).find(
    ({ key, value }) => key.includes(':Session:') && value.includes(user.userId),
  );
  if (found === undefined) throw new Error('the user has no session');
  return { key: found.key, record: JSON.parse(found.value) as SessionRecord };
};

/** The first factor was given so much earlier. */
async function backdate(seconds: number): Promise<void> {
  const { key: sessionKey, record } = await sessionEntry();
  const { payload } = record;
  for (const { key, value, leftMs } of await entriesOf(server, account.alias)) {
    if (key !== sessionKey && !value.startsWith(payload.uid)) continue;
    const earlier = { ...payload, loginTs: payload.loginTs - seconds, exp: payload.exp - seconds };
    const moved =
      key === sessionKey
        ? JSON.stringify({ ...record, payload: earlier })
        : value.replace(String(payload.loginTs), String(earlier.loginTs));
    await server.backend.ephemeral.set(key, moved, Math.floor(leftMs / 1000));
  }
}

const silently = async (parameters: Record<string, string> = {}): Promise<string> => {
  const { searchParams } = callbackOf(
    app,
    await browser.open((await app.request({ prompt: 'none', ...parameters })).url),
  );
  return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : '');
};

describe('a step-up', () => {
  it('makes a session neither younger nor longer, and stands for no first factor', async () => {
    const { claims: before } = await app.signIn(browser, user);
    await backdate(hour);
    const old = await sessionEntry();
    expect(await silently({ max_age: '60' })).toBe('login_required');
    const authenticator = await giveAuthenticatorApp(server, account, user);
    const { course, claims } = await app.signIn(browser, { ...user, authenticator }, essential(mfa));
    expect([course.steps, claims['acr'], claims['auth_time']]).toEqual([
      ['totp'],
      mfa,
      (before['auth_time'] as number) - hour,
    ]);
    const { record } = await sessionEntry();
    expect([record.payload.uid, record.payload.loginTs]).toEqual([old.record.payload.uid, old.record.payload.loginTs]);
    expect(record.payload.exp).toBe(old.record.payload.exp);
    expect(await silently({ max_age: '60' })).toBe('login_required');
    expect([await silently(), await silently(essential(mfa))]).toEqual(['code', 'code']);
    const anew = await app.signIn(browser, { ...user, authenticator }, { max_age: '60' });
    expect(anew.course.steps).toEqual(['password', 'totp']);
    expect(anew.claims['auth_time']).toBeGreaterThanOrEqual(before['auth_time'] as number);
  });

  it('begins with the password where the first factor has become too old for the app while the page waited', async () => {
    await app.signIn(browser, user);
    const authenticator = await giveAuthenticatorApp(server, account, user);
    const page = await browser.open((await app.request({ ...essential(mfa), max_age: '600' })).url);
    expect(stepOf(page)).toBe('totp');
    await backdate(hour);
    const late = await browser.submit(page, { code: await authenticator.nextCode() });
    expect(stepOf(late)).toBe('password');
    expect(await silently(essential(mfa))).toBe('login_required');
  });

  it('that another tab has made is not asked for again, and never lowers what was reached', async () => {
    await app.signIn(browser, user);
    const authenticator = await giveAuthenticatorApp(server, account, user);
    const request = await app.request(essential(mfa));
    const waiting = await browser.open(request.url);
    expect(stepOf(waiting)).toBe('totp');
    const passkey = createSecurityKey(server.origin);
    await givePasskey(server, account, user, passkey);
    await app.signIn(browser, { ...user, passkey }, essential(phr));
    const done = await browser.submit(waiting, { code: await authenticator.nextCode() });
    const tokens = await app.redeem(request, callbackOf(app, done));
    expect(tokens.claims()).toMatchObject({ acr: phr, amr: ['pwd', 'hwk', 'mfa'] });
    expect(await silently(essential(phr))).toBe('code');
  });

  it.each([
    ['the higher first', [phr, mfa]],
    ['the higher last', [mfa, phr]],
  ])('beside another leaves the higher level, with cookies that hold: %s', async (_order, levels) => {
    await app.signIn(browser, user);
    const { record } = await sessionEntry();
    const live = await createLiveState(server.backend.db).read('account', account.accountId);
    if (live === undefined) throw new Error('no account');
    const adapter = createSessionAdapter({
      ephemeral: server.backend.ephemeral,
      liveState: createLiveState(server.backend.db),
      hints: createArtefactHints(),
      issuerName: account.alias,
      sessionLife: { absoluteSeconds: 6 * hour, idleSeconds: 2 * hour },
    });
    const inRequest = <T>(work: () => Promise<T>): Promise<T> => withRequestState(live, work);
    const read = () => adapter.findByUid(record.payload.uid);
    // Each has read the session before the other has changed it.
    const [begin, ...rest] = levels;
    await inRequest(async () => {
      const session = await read();
      if (!session) throw new Error('no session');
      for (const acr of rest)
        await inRequest(async () => {
          const other = await read();
          if (!other) throw new Error('no session');
          await adapter.upsert(`cookie ${acr}`, { ...other, acr, amr: [acr] }, hour);
        });
      await adapter.upsert('cookie last', { ...session, acr: begin, amr: [begin] } as typeof session, hour);
    });
    const { payload } = (await sessionEntry()).record;
    expect([payload['acr'], payload['amr']]).toEqual([phr, [phr]]);
    const found = await inRequest(() => adapter.find('cookie last'));
    expect(found).toMatchObject({ uid: payload.uid, acr: phr });
  });
});

describe('a consent page that waits', () => {
  it('does not put the logon it began with over one that has come further in another tab', async () => {
    const third = await connectRelyingParty(account, { application: { firstParty: false } });
    try {
      const request = await third.request();
      const consent = await browser.submit(await browser.open(request.url), {
        username: user.userName,
        password: user.password,
      });
      expect(stepOf(consent)).toBe('consent');
      const authenticator = await giveAuthenticatorApp(server, account, user);
      const { claims } = await app.signIn(browser, { ...user, authenticator }, essential(mfa));
      expect(claims['acr']).toBe(mfa);
      const approved = await browser.submit(consent, {}, { button: 'approve' });
      const tokens = await third.redeem(request, callbackOf(third, approved));
      expect(tokens.claims()).toMatchObject({ acr: mfa, amr: ['pwd', 'otp', 'mfa'] });
      expect(await silently(essential(mfa))).toBe('code');
    } finally {
      await third.close();
    }
  });

  it('nor over a later one', async () => {
    const third = await connectRelyingParty(account, { application: { firstParty: false } });
    try {
      const consent = await browser.submit(await browser.open((await third.request()).url), {
        username: user.userName,
        password: user.password,
      });
      await backdateConsent();
      const later = await app.signIn(browser, user, { prompt: 'login' });
      await browser.submit(consent, {}, { button: 'approve' });
      const { claims } = await app.signIn(browser, user);
      expect([claims['auth_time'], claims['acr']]).toEqual([later.claims['auth_time'], pwd]);
    } finally {
      await third.close();
    }
  });
});

/** The logon of a consent page that waits was an hour ago. */
async function backdateConsent(): Promise<void> {
  const waiting = (await entriesOf(server, account.alias)).filter(({ value }) => value.includes('lastSubmission'));
  expect(waiting).toHaveLength(1);
  for (const { key, value, leftMs } of waiting) {
    const record = JSON.parse(value) as { payload: { lastSubmission: { login: { ts: number } } } };
    record.payload.lastSubmission.login.ts -= hour;
    await server.backend.ephemeral.set(key, JSON.stringify(record), Math.floor(leftMs / 1000));
  }
}
