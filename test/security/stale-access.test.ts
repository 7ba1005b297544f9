import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKeys } from '../../src/storage/db/schema/access-keys.ts';
import { accounts } from '../../src/storage/db/schema/accounts.ts';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import { startServerPair, type ServerPair } from '../support/server-pair.ts';
import { callApi, requestAccessKeyToken, type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { redeemCode, refresh, userinfoStatus } from './support/code-flow.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { everything, hold, nothing, whatWorks } from './support/holdings.ts';
import { removals } from './support/removals.ts';

describe('stale access', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
  });
  afterAll(() => server.close());

  it('with nothing removed, everything works', async () => {
    expect(await whatWorks(await hold(account))).toEqual(everything);
  });

  it.each(removals)('$name ends what it must before it is answered, and nothing else', async ({ remove, leaves }) => {
    const holdings = await hold(account);
    await remove(holdings);
    expect(await whatWorks(holdings)).toEqual(leaves);
  });

  it('a key past its time, and its tokens, end by themselves', async () => {
    const holdings = await hold(account);
    await server.backend.db
      .update(accessKeys)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(accessKeys.accessKeyId, holdings.key.id));
    expect(await whatWorks(holdings)).toEqual({ ...everything, keyToken: false, key: false });
  });

  it('suspending the account ends everything in it, and nothing in another', async () => {
    const [suspended, other] = [await hold(await server.account()), await hold(account)];
    await server.backend.db
      .update(accounts)
      .set({ status: 'suspended' })
      .where(eq(accounts.accountId, suspended.account.accountId));
    const { issuer } = suspended.account;
    expect(await userinfoStatus(issuer, suspended.tokens.accessToken)).toBe(403);
    for (const token of [suspended.apiToken, suspended.keyToken])
      expect((await callApi(issuer, token, 'GET /me')).status).toBe(401);
    expect((await refresh(issuer, suspended.application, suspended.tokens.refreshToken)).status).toBe(403);
    expect((await redeemCode(issuer, suspended.application, suspended.code)).status).toBe(403);
    expect((await requestAccessKeyToken(issuer, suspended.key)).status).toBe(403);
    expect([
      (await suspended.browser.open(issuer)).status,
      (await startLogon(issuer, suspended.application.clientId)).page.status,
    ]).toEqual([403, 403]);
    expect(await whatWorks(other)).toEqual(everything);
  });

  it('a logon under way does not outlive the freezing of its user', async () => {
    const application = await account.createApplication();
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const bind = await browser.submit(page, { username: user.userName, password: user.password });
    expect(stepOf(bind)).toBe('bind');
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    const after = await walkThroughLogon(browser, await browser.submit(bind, { code: '000000' }), {
      ...user,
      password: 'wrong',
    });
    expect([after.steps, hasCode(after.page)]).toEqual([['password'], false]);
  });

  it('a logon handed over but not yet taken on does not outlive its user', async () => {
    const application = await account.createApplication();
    const user = await account.createUser();
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const handedOver = await browser.submit(
      page,
      { username: user.userName, password: user.password },
      { stopAt: ({ pathname }) => pathname.includes('/oauth2/authorize/') },
    );
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    const resumed = await browser.open(handedOver.leftFor ?? '');
    expect(hasCode(resumed)).toBe(false);
    expect((await browser.open(account.issuer)).html).not.toContain('sign-out');
  });

  it('a user of another name that was deleted does not come back with a new user of that name', async () => {
    const holdings = await hold(account);
    await account.manage(`DELETE /users/${holdings.user.userName}?cascade=true`);
    await account.createUser({ userName: holdings.user.userName });
    const works = await whatWorks(holdings);
    expect(works).toEqual(nothing);
  });

  it('nothing of all this ended as a fault of ours', () => {
    expect(
      server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
    ).toEqual([]);
  });
});

describeWithPostgres('stale access, removed on one process and used on the other', () => {
  let pair: ServerPair;
  beforeAll(async () => {
    pair = await startServerPair();
  });
  afterAll(() => pair.close());

  it.each(removals)('$name holds at once on the other process', async ({ remove, leaves }) => {
    pair.routeTo(1);
    const holdings = await hold(await pair.account());
    pair.routeTo(0);
    await remove(holdings);
    pair.routeTo(1);
    expect(await whatWorks(holdings)).toEqual(leaves);
  });
});
