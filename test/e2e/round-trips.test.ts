import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renewRecoveryCodes } from '../../src/domain/mfa/mfa.ts';
import { type DelayedStores, openDelayedStores } from '../support/delayed-stores.ts';
import { giveAuthenticatorApp, givePasskey } from '../support/factors.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnWithPasskey, type Person, stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { createPasskeyProvider } from '../support/software-authenticator.ts';
import { newPassword, type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let stores: DelayedStores;
let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  stores = await openDelayedStores();
  server = await startTestServer({ stores });
  account = await server.account();
  app = await connectRelyingParty(account);
});
afterAll(async () => {
  stores.delayBy(0);
  await app.close();
  await server.close();
});

/** Far beyond what chance adds to a page. */
const lineMs = 100;
/** What the server does after it has answered. */
const settle = () => pause(lineMs);

/** Milliseconds that each request of a logon took, by what was asked. */
type Times = Map<string, number>;

/** A browser that follows redirects as any, and notes how long each answer took. */
function timedBrowser(browser: HttpBrowser, times: Times): HttpBrowser {
  const alone = { stopAt: () => true };
  const ask = async (name: string, request: () => Promise<BrowserPage>): Promise<BrowserPage> => {
    const begun = performance.now();
    const page = await request();
    times.set(name, performance.now() - begun);
    await settle();
    const { leftFor: next } = page;
    if (next?.origin !== server.origin) return page;
    const what = next.pathname.includes('/logon/') ? 'its page' : 'its return';
    return await ask(`${name}: ${what}`, () => browser.open(next, alone));
  };
  return {
    cookies: browser.cookies,
    open: (address) =>
      ask(new URL(address).pathname.includes('/logon/') ? 'a page' : 'authorize', () => browser.open(address, alone)),
    submit: (page, fields, options) =>
      ask(fields['step'] ?? stepOf(page) ?? '', () => browser.submit(page, fields, { ...options, ...alone })),
  };
}

interface Logon {
  readonly person: () => Promise<Person>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly withPasskeyAlone?: boolean;
}

/** A stranger, who has not been in this browser; but somebody else has. */
async function stranger(browser: HttpBrowser): Promise<HttpBrowser> {
  const somebody = await account.createUser();
  await app.signIn(browser, somebody);
  browser.cookies.remove(({ name }) => !name.includes('device'));
  return browser;
}

async function walk({ person: personOf, parameters, withPasskeyAlone = false }: Logon, lineIs: number): Promise<Times> {
  const [person, plain] = [await personOf(), await stranger(createHttpBrowser())];
  const [first, again] = [await app.request(parameters), await app.request()];
  const times: Times = new Map();
  const browser = timedBrowser(plain, times);
  stores.delayBy(lineIs);
  let page = await browser.open(first.url);
  if (withPasskeyAlone && person.passkey !== undefined) page = await logOnWithPasskey(browser, page, person.passkey);
  const course = await walkThroughLogon(browser, page, person);
  expect(course.page.leftFor?.searchParams.get('code')).toBeTruthy();
  times.set('another app', await onceMore(plain, again.url));
  stores.delayBy(0);
  return times;
}

async function onceMore(browser: HttpBrowser, address: URL): Promise<number> {
  const begun = performance.now();
  const page = await browser.open(address, { stopAt: () => true });
  const took = performance.now() - begun;
  expect(page.leftFor?.searchParams.get('code')).toBeTruthy();
  await settle();
  return took;
}

const withPasskey = async (): Promise<Person> => {
  const [user, passkey] = [await account.createUser(), createPasskeyProvider(server.origin)];
  await givePasskey(server, account, user, passkey);
  return { ...user, passkey };
};

const logons: Readonly<Record<string, Logon>> = {
  'with a password': { person: () => account.createUser() },
  'with a password and a code': {
    person: async () => {
      const user = await account.createUser();
      return { ...user, authenticator: await giveAuthenticatorApp(server, account, user) };
    },
  },
  'with a password and a recovery code, and consent': {
    person: async () => {
      const user = await account.createUser();
      await giveAuthenticatorApp(server, account, user);
      const [recoveryCode = ''] = await renewRecoveryCodes(server.backend, { ...user, accountId: account.accountId });
      return { ...user, recoveryCode };
    },
    parameters: { scope: 'openid offline_access', prompt: 'consent' },
  },
  'with a password and a passkey': { person: withPasskey },
  'with a passkey alone': { person: withPasskey, withPasskeyAlone: true },
};

const firstLogon: Logon = {
  person: async () => ({
    ...(await account.createUser({ resetRequired: true, mfaRequired: true })),
    newPassword: newPassword(),
  }),
};

/** By request: how often it waits for the stores, one time after the other. */
type Trips = ReadonlyMap<string, number>;

const mostTrips = 6;

/** As many as a server opens to Postgres. */
const connections = 10;

/**
 * The least of several logons: on a connection that is new, or that has not seen a statement yet, each costs one more. Stops as soon as no
 * request is beyond what it may be.
 */
async function tripsOf(logon: Logon, mayBe: (what: string) => number): Promise<Trips> {
  await Promise.all(Array.from({ length: connections }, () => walk(logon, 0)));
  const nearby = [await walk(logon, 0), await walk(logon, 0)];
  const farAway: Times[] = [];
  const quickest = (walks: readonly Times[], what: string) => Math.min(...walks.map((times) => times.get(what) ?? 0));
  let trips: Trips = new Map();
  for (let walks = 0; walks < 6; walks += 1) {
    farAway.push(await walk(logon, lineMs));
    const counts = [...(farAway[0] ?? [])].map(([what]): [string, number] => {
      const waitedMs = quickest(farAway, what) - quickest(nearby, what);
      return [what, Math.round(waitedMs / lineMs)];
    });
    trips = new Map(counts);
    if (counts.every(([what, count]) => count <= mayBe(what))) break;
  }
  return trips;
}

test.each(Object.entries(logons))(
  'no request of a logon %s makes more than six round trips to the stores',
  async (_how, logon) => {
    const trips = await tripsOf(logon, () => mostTrips);
    for (const [what, count] of trips) expect(count, what).toBeLessThanOrEqual(mostTrips);
    // The line was long indeed.
    expect(trips.get('another app')).toBeGreaterThan(1);
  },
  120_000,
);

test('nor of a first logon, but where a password or a factor is replaced in a transaction: eleven and twelve there', async () => {
  const transactions: Readonly<Record<string, number>> = { reset: 11, bind: 12 };
  const mayBe = (what: string) => transactions[what] ?? mostTrips;
  for (const [what, count] of await tripsOf(firstLogon, mayBe)) expect(count, what).toBeLessThanOrEqual(mayBe(what));
}, 120_000);
