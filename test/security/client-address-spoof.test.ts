import type { OutgoingHttpHeaders } from 'node:http';
import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { givePasskey } from '../support/factors.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, logOnWithPasskey, stepOf } from '../support/logon-driver.ts';
import { createPasskeyProvider } from '../support/software-authenticator.ts';
import { accessKeyToken, type TestAccount, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { sendRaw } from './support/raw-http.ts';

/** Where logons may come from, and where the attacker is not. */
const office = '198.51.100.7';
const officeNetworks = ['198.51.100.0/24', '2001:db8:0:1::/64'];
const attacker = '192.0.2.66';

/** Whatever proxies of one kind or another write a client's address into. */
const claims = (address: string): readonly OutgoingHttpHeaders[] => [
  { 'x-forwarded-for': address },
  { 'x-forwarded-for': [address, address] },
  { forwarded: `for=${address}` },
  { forwarded: `for="${address}:443";by=127.0.0.1;proto=https` },
  ...[
    ...['x-real-ip', 'x-client-ip', 'client-ip', 'true-client-ip', 'cf-connecting-ip', 'fastly-client-ip'],
    ...['x-cluster-client-ip', 'x-original-forwarded-for', 'x-forwarded', 'forwarded-for', 'x_forwarded_for'],
    ...['x-remote-addr', 'remote-addr', 'x-remote-ip', 'x-envoy-external-address', 'x-appengine-user-ip', 'via'],
  ].map((name) => ({ [name]: address })),
];

let server: TestServer;
let account: TestAccount;
let clientId: string;

const open = async (settings: Readonly<Record<string, string>>) => {
  server = await startTestServer({ stores: 'embedded', settings });
  account = await server.account();
  ({ clientId } = await account.createApplication());
};
const restrict = (loginNetworkMasks: readonly string[]) =>
  account.manage('PATCH /account/security-preferences', { loginNetworkMasks });

/** A logon with name and password under these headers: 303 lets in, 401 refuses, 429 has it wait. */
async function enter({ userName, password }: TestUser, headers: OutgoingHttpHeaders): Promise<number> {
  const { browser, page } = await startLogon(account.issuer, clientId);
  const body = new URLSearchParams({ ...page.forms[0]?.fields, username: userName, password }).toString();
  const cookie = browser.cookies.headerFor(page.url);
  const answer = await sendRaw(server.origin, page.url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
    body,
  });
  return answer.status;
}

const wrong = (user: TestUser): TestUser => ({ ...user, password: 'not-the-password' });

/** Of the latest logon: from where it came, as far as the audit log knows, and why it was refused. */
async function latestLogon() {
  const [event] = await server.backend.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.accountId, account.accountId), eq(auditEvents.action, 'logon')))
    .orderBy(desc(auditEvents.auditEventId))
    .limit(1);
  return { sourceIp: event?.sourceIp, reason: event?.details['reason'] };
}

/** A call of the API by somebody whose policy lets them read users from the office, and forbids it from anywhere else. */
async function callFromOffice() {
  const user = await account.createUser();
  const { accessKey } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
    accessKey: { id: string; secret: string };
  };
  const at = { 'acs:SourceIp': officeNetworks };
  const rule = { Action: 'ram:ListUsers', Resource: '*' };
  const policyDocument = {
    Version: '1',
    Statement: [
      { ...rule, Effect: 'Allow', Condition: { IpAddress: at } },
      { ...rule, Effect: 'Deny', Condition: { NotIpAddress: at } },
    ],
  };
  const policyName = `office-${user.userName}`;
  await account.manage('POST /policies', { policyName, policyDocument });
  await account.manage(`PUT /users/${user.userName}/policies/custom/${policyName}`);
  const authorization = `Bearer ${await accessKeyToken(account.issuer, accessKey)}`;
  return async (headers: OutgoingHttpHeaders): Promise<number> =>
    (await sendRaw(server.origin, `/${account.alias}/api/v1/users`, { headers: { ...headers, authorization } })).status;
}

describe('from whoever is no proxy of ours, no header makes another client', () => {
  beforeAll(() => open({ API_REQUESTS_PER_MINUTE: '200' }));
  afterAll(() => server.close());

  it('neither does one open a logon to the network that it names', async () => {
    await restrict(officeNetworks);
    for (const headers of claims(office)) {
      // Each is the first try of somebody, so that no count comes into it.
      expect([headers, await enter(await account.createUser(), headers)]).toEqual([headers, 401]);
      expect(await latestLogon()).toEqual({ sourceIp: '127.0.0.1', reason: 'network not allowed' });
    }
    await restrict(['127.0.0.0/8']);
    const user = await account.createUser();
    for (const headers of claims(attacker)) expect(await enter(user, headers)).toBe(303);
    await restrict([]);
  });

  it('nor a passkey’s logon, nor the pages of whoever is signed in', async () => {
    const passkey = createPasskeyProvider(server.origin);
    const user = await account.createUser();
    const signedIn = createHttpBrowser();
    await logOnToPortal(signedIn, account.issuer, user);
    await givePasskey(server, account, user, passkey);
    await restrict(officeNetworks);
    const claim = { 'x-forwarded-for': office, forwarded: `for=${office}`, 'x-real-ip': office };
    expect(stepOf(await signedIn.open(`${account.issuer}/portal/security`, { headers: claim }))).toBe('password');
    const { browser, page } = await startLogon(account.issuer, clientId);
    const claiming = {
      ...browser,
      submit: (...[at, fields]: Parameters<typeof browser.submit>) => browser.submit(at, fields, { headers: claim }),
    };
    expect(hasCode(await logOnWithPasskey(claiming, page, passkey))).toBe(false);
    expect(await latestLogon()).toEqual({ sourceIp: '127.0.0.1', reason: 'network not allowed' });
    await restrict([]);
    const again = await startLogon(account.issuer, clientId);
    expect(hasCode(await logOnWithPasskey(again.browser, again.page, passkey))).toBe(true);
  });

  it('nor does one give rights that hold in the network that it names', async () => {
    const call = await callFromOffice();
    for (const headers of claims(office)) expect([headers, await call(headers)]).toEqual([headers, 403]);
  });

  it('nor does one escape the count of wrong passwords, by as many addresses as there are', async () => {
    const user = await account.createUser();
    const headers = (at: number) => claims(`203.0.113.${at}`)[at % claims('').length] ?? {};
    for (let tries = 0; tries < 10; tries += 1) expect(await enter(wrong(user), headers(tries))).toBe(401);
    expect(await enter(user, headers(10))).toBe(429);
    expect(await enter(user, { 'x-forwarded-for': office })).toBe(429);
  });

  it('nor the count of requests that nobody answers for', async () => {
    const statuses: number[] = [];
    for (let sent = 0; sent < 110; sent += 1) {
      const headers = { authorization: 'Bearer nobody', 'x-forwarded-for': `203.0.113.${sent}` };
      statuses.push((await sendRaw(server.origin, `/${account.alias}/api/v1/me`, { headers })).status);
    }
    expect([statuses[0], statuses.indexOf(429) <= 100, statuses.at(-1)]).toEqual([401, true, 429]);
  });
});

describe('through proxies of ours, the client is who the first of them saw', () => {
  beforeAll(() => open({ TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8,fd00::/8' }));
  afterAll(() => server.close());

  /** What the header says, and which address of it is to be believed. */
  const chains: readonly (readonly [header: string | string[], believed: string])[] = [
    [office, office],
    [attacker, attacker],
    [`${office}, ${attacker}`, attacker],
    [`${attacker}, ${office}`, office],
    [`${office},${office},${attacker}`, attacker],
    [[office, attacker], attacker],
    [`${office}, 10.1.2.3`, office],
    [`${office}, ${attacker}, 10.1.2.3, fd00::5`, attacker],
    [`${office}, 11.1.2.3, 10.1.2.3`, '11.1.2.3'],
    ['10.9.9.9, 10.1.2.3', '10.9.9.9'],
    [`::ffff:${office}`, office],
    ['::ffff:c633:6407', office],
    [`::ffff:${attacker}`, attacker],
    [`${office}, ::ffff:10.1.2.3`, office],
    ['2001:DB8:0:1:0::9', '2001:db8:0:1::9'],
    ['2001:db8:0:2::9', '2001:db8:0:2::9'],
    [`${attacker}, nonsense, ${office}`, office],
    [`${office}, nonsense`, '127.0.0.1'],
    [`${office}, nonsense, 10.1.2.3`, '10.1.2.3'],
    [`${office},`, '127.0.0.1'],
    [`${office}:443`, '127.0.0.1'],
    ['[2001:db8:0:1::9]', '127.0.0.1'],
    [`"${office}"`, '127.0.0.1'],
    [`for=${office}`, '127.0.0.1'],
    [`${office};${office}`, '127.0.0.1'],
    [`${office} ${office}`, '127.0.0.1'],
    [`${office}/32`, '127.0.0.1'],
    ['198.51.100.007', '127.0.0.1'],
    ['0xc6.0x33.0x64.0x07', '127.0.0.1'],
    ['3325256711', '127.0.0.1'],
    ['198.51.25607', '127.0.0.1'],
    ['office.example', '127.0.0.1'],
    ['unknown', '127.0.0.1'],
    ['', '127.0.0.1'],
    [','.repeat(4000), '127.0.0.1'],
  ];
  const isInOffice = (address: string): boolean => address === office || address.startsWith('2001:db8:0:1:');

  it('a network is entered, and a right used, from the address that is to be believed and from no other', async () => {
    const call = await callFromOffice();
    await restrict(officeNetworks);
    for (const [header, believed] of chains) {
      const headers = { 'x-forwarded-for': header, forwarded: `for=${office}`, 'x-real-ip': office };
      const expected = isInOffice(believed) ? [303, 200] : [401, 403];
      const user = await account.createUser();
      expect([header, await enter(user, headers), await call(headers)]).toEqual([header, ...expected]);
      if (!isInOffice(believed))
        expect(await latestLogon()).toEqual({ sourceIp: believed, reason: 'network not allowed' });
    }
    for (const { 'x-forwarded-for': none, ...headers } of claims(office))
      if (none === undefined)
        expect([headers, await enter(await account.createUser(), headers)]).toEqual([headers, 401]);
    await restrict([]);
  });

  it('a header that cannot be read never stands in for a password', async () => {
    const user = wrong(await account.createUser());
    for (const header of ['nonsense', `${office},`, '::', '%', '\u00ff'.repeat(9)])
      expect([header, await enter(user, { 'x-forwarded-for': header })]).toEqual([header, 401]);
  });

  it('whoever writes more before it escapes no count, and spends nobody else’s', async () => {
    const [user, neighbour] = [await account.createUser(), await account.createUser()];
    const by = (address: string, written: string) => ({
      'x-forwarded-for': `${written}, ${address}`,
      'x-real-ip': written,
    });
    for (let tries = 0; tries < 10; tries += 1)
      expect(await enter(wrong(user), by(attacker, tries % 2 === 0 ? office : `203.0.113.${tries}`))).toBe(401);
    expect(await enter(user, by(attacker, '203.0.113.99'))).toBe(429);
    expect(await enter(user, { 'x-forwarded-for': `${attacker}, 10.1.2.3` })).toBe(429);
    expect(await enter(user, { 'x-forwarded-for': `::ffff:${attacker}` })).toBe(429);
    expect(await enter(user, by(office, attacker))).toBe(303);
    expect(await enter(neighbour, by(attacker, office))).toBe(303);
  });

  it('a session that was begun in the network goes on in it alone', async () => {
    const user = await account.createUser();
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, user);
    await restrict(officeNetworks);
    const shows = async (header: string) =>
      (await browser.open(account.issuer, { headers: { 'x-forwarded-for': header } })).html.includes(
        '/portal/sign-out',
      );
    expect([await shows(`${attacker}, ${office}`), await shows(`${office}, 10.1.2.3`)]).toEqual([true, true]);
    expect([await shows(`${office}, ${attacker}`), await shows('nonsense'), await shows(`${office},`)]).toEqual([
      false,
      false,
      false,
    ]);
    await restrict([]);
  });

  it('nothing of all this ended as a fault of ours', () => {
    expect(
      server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
    ).toEqual([]);
  });
});
