import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as oidc from 'openid-client';
import { logoutDeliveries } from '../../src/storage/db/schema/logout-deliveries.ts';
import { verifyLogoutToken } from '../support/callback-server.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { connectRelyingParty } from '../support/relying-party.ts';
import type { TestAccount } from '../support/test-account.ts';
import {
  connectFiveApps,
  type Ending,
  endings,
  type FiveApps,
  type InFive,
  keysOf,
  newUserFor,
  openAllFive,
  sidsOf,
  sidsTold,
  tokensSoFar,
} from './five-apps.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('back-channel logout', (server) => {
  let five: FiveApps;
  beforeAll(async () => {
    five = await connectFiveApps(await server().account());
  });
  afterAll(() => five.close());

  const once = (sids: readonly unknown[]) => sids.map((sid) => [sid]);
  const nobody = () => five.apps.map(() => []);
  /** As if the time until the next tries had passed. */
  const later = () =>
    server()
      .backend.db.update(logoutDeliveries)
      .set({ dueAt: sql`now()` })
      .where(eq(logoutDeliveries.status, 'pending'));
  const deliveriesTo = async (account: TestAccount, clientId: string) =>
    (await account.manage(`GET /applications/${clientId}/logout-deliveries`))['items'] as Record<string, unknown>[];

  it.each(Object.entries(endings) as [string, Ending][])(
    '%s tells each of five apps, opened at once on one session, of its own sid',
    async (what, end) => {
      const { account } = five;
      const inFive = await openAllFive(five, await newUserFor(account, what));
      const bystander = await account.createUser();
      await five.apps[0]?.signIn(createHttpBrowser(), bystander);
      await server().settleLogouts();
      const before = tokensSoFar(five);
      await end(five, inFive);
      await server().settleLogouts();
      expect(await sidsTold(five, inFive.user, before)).toEqual(once(sidsOf(inFive)));
      const [delivery] = await deliveriesTo(account, five.apps[0]?.application.clientId ?? '');
      expect(delivery).toMatchObject({
        ...{ alias: account.alias, userId: inFive.user.userId, status: 'delivered', attempts: 1 },
        ...{ nextAttemptAt: null, lastError: null },
      });
    },
  );

  it('a user signed in in two browsers: one sign-out tells of that session alone, disabling of both', async () => {
    const user = await five.account.createUser();
    const [here, there] = [await openAllFive(five, user), await openAllFive(five, user)];
    await server().settleLogouts();
    const before = tokensSoFar(five);
    await endings['sign-out by an app'](five, here);
    await server().settleLogouts();
    expect(await sidsTold(five, user, before)).toEqual(once(sidsOf(here)));
    const between = tokensSoFar(five);
    await endings['user disabled'](five, there);
    await server().settleLogouts();
    expect(await sidsTold(five, user, between)).toEqual(once(sidsOf(there)));
  });

  it('a removal ends offline access too, and leaves whoever signs in afterwards alone', async () => {
    const user = await five.account.createUser();
    const [app] = five.apps;
    if (app === undefined) throw new Error('no app');
    const offline = await app.signIn(createHttpBrowser(), user, { scope: 'openid offline_access', prompt: 'consent' });
    await five.account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    await five.account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    const browser = createHttpBrowser();
    const again = await app.signIn(browser, user);
    await server().settleLogouts();
    await expect(oidc.refreshTokenGrant(app.configuration, offline.tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect((await app.signIn(browser, user, { prompt: 'none' })).claims['sid']).toBe(again.claims['sid']);
    const sessions = await five.account.manage(`GET /users/${user.userName}/sessions`);
    expect(sessions['items']).toHaveLength(1);
  });

  it.each(['suspended', 'deleted'])('an account that is %s has the apps of all its users told', async (how) => {
    const platform = await server().account(undefined, { isPlatform: true });
    const tenant = await connectFiveApps(await server().account());
    const { account } = tenant;
    const [ann, ben] = [await account.createUser(), await account.createUser()];
    const signedIn: readonly InFive[] = [await openAllFive(tenant, ann), await openAllFive(tenant, ben)];
    const keys = await keysOf(account);
    if (how === 'suspended') await platform.manage(`PATCH /accounts/${account.accountId}`, { status: 'suspended' });
    else await platform.manage(`DELETE /accounts/${account.accountId}`);
    await server().settleLogouts();
    for (const [at, { application, server: receiver }] of tenant.apps.entries()) {
      const told = await Promise.all(
        receiver.logoutTokens.map(async (token) => {
          const { sub, sid } = await verifyLogoutToken(token, account.issuer, application.clientId, keys);
          return `${sub} ${String(sid)}`;
        }),
      );
      const expected = signedIn.map((inFive) => `${inFive.user.userId} ${String(sidsOf(inFive)[at])}`);
      expect(told.toSorted()).toEqual(expected.toSorted());
    }
    await tenant.close();
  });

  it.each(['sign-out by an app', 'sign-out by an app, asked first'] as const)(
    '%s is none while its apps cannot be noted, and can be tried again',
    async (how) => {
      const { db } = server().backend;
      const inFive = await openAllFive(five, await five.account.createUser());
      await server().settleLogouts();
      const before = tokensSoFar(five);
      await db.execute(sql`alter table logout_deliveries rename to logout_deliveries_away`);
      try {
        await endings[how](five, inFive);
      } finally {
        await db.execute(sql`alter table logout_deliveries_away rename to logout_deliveries`);
      }
      const [app] = five.apps;
      const still = await app?.signIn(inFive.browser, inFive.user, { prompt: 'none' });
      expect(still?.claims['sid']).toBe(sidsOf(inFive)[0]);
      await server().settleLogouts();
      expect(await sidsTold(five, inFive.user, before)).toEqual(nobody());
      await endings[how](five, inFive);
      await server().settleLogouts();
      expect(await sidsTold(five, inFive.user, before)).toEqual(once(sidsOf(inFive)));
    },
  );

  it('a receiver that answers 500 twice and then 200 gets a new token each time, and is told once it has taken one', async () => {
    const app = await connectRelyingParty(five.account, { application: { backchannelLogoutUri: true } });
    const { clientId } = app.application;
    app.server.answerLogoutsWith(500, 400);
    const browser = createHttpBrowser();
    const { tokens } = await app.signIn(browser, await five.account.createUser());
    await browser.open(oidc.buildEndSessionUrl(app.configuration, { id_token_hint: tokens.id_token ?? '' }));
    await server().settleLogouts();
    expect(await deliveriesTo(five.account, clientId)).toMatchObject([
      { status: 'pending', attempts: 1, lastError: 'http 500', settledAt: null },
    ]);
    await server().settleLogouts();
    expect(app.server.logoutTokens).toHaveLength(1);
    for (const [attempts, lastError] of [
      [2, 'http 400'],
      [3, null],
    ] as const) {
      await later();
      await server().settleLogouts();
      expect(await deliveriesTo(five.account, clientId)).toMatchObject([{ attempts, lastError }]);
    }
    expect(new Set(app.server.logoutTokens).size).toBe(3);
    await later();
    await server().settleLogouts();
    expect(app.server.logoutTokens).toHaveLength(3);
    await app.close();
  });

  it('a receiver that hangs holds up neither the sign-out nor anybody else', async () => {
    const stuck = await connectRelyingParty(five.account, { application: { backchannelLogoutUri: true } });
    stuck.server.answerLogoutsWith('hang');
    const inFive = await openAllFive(five, await five.account.createUser());
    await stuck.signIn(inFive.browser, inFive.user);
    const before = tokensSoFar(five);
    await endings['sign-out by an app'](five, inFive);
    await expect.poll(() => tokensSoFar(five), { timeout: 10_000 }).toEqual(before.map((count) => count + 1));
    // It is still being waited for.
    expect(stuck.server.logoutTokens).toHaveLength(1);
    expect(await deliveriesTo(five.account, stuck.application.clientId)).toMatchObject([
      { attempts: 0, lastError: null },
    ]);
    expect(await sidsTold(five, inFive.user, before)).toEqual(once(sidsOf(inFive)));
    await server().settleLogouts();
    expect(await deliveriesTo(five.account, stuck.application.clientId)).toMatchObject([
      { status: 'pending', attempts: 1, lastError: 'timeout' },
    ]);
    await stuck.close();
  });

  it('an app that is deleted is told nothing any more, and one without an address never is', async () => {
    const user = await five.account.createUser();
    const browser = createHttpBrowser();
    const [gone, deaf] = [
      await connectRelyingParty(five.account, { application: { backchannelLogoutUri: true } }),
      await connectRelyingParty(five.account),
    ];
    gone.server.answerLogoutsWith(503);
    await gone.signIn(browser, user);
    await deaf.signIn(browser, user);
    const before = tokensSoFar(five);
    await five.account.manage(`DELETE /users/${user.userName}/sessions`);
    await server().settleLogouts();
    await five.account.manage(`DELETE /applications/${gone.application.clientId}`);
    await later();
    await server().settleLogouts();
    expect([gone.server.logoutTokens.length, deaf.server.logoutTokens.length]).toEqual([1, 0]);
    expect(await sidsTold(five, user, before)).toEqual(nobody());
    const left = await server()
      .backend.db.select()
      .from(logoutDeliveries)
      .where(eq(logoutDeliveries.userId, user.userId));
    expect(left).toEqual([]);
    await Promise.all([gone.close(), deaf.close()]);
  });

  it('tries are counted for operators', async () => {
    const metrics = await (await fetch(`${server().managementOrigin}/metrics`)).text();
    expect(metrics).toMatch(/postern_logout_deliveries_total\{outcome="delivered"\} [1-9]/);
    expect(metrics).toMatch(/postern_logout_deliveries_total\{outcome="postponed"\} [1-9]/);
  });
});
