import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { noteSessionLogon } from '../../../src/domain/sessions/session-index.ts';
import { deleteSession, deleteSessions, listSessions } from '../../../src/domain/sessions/session-operations.ts';
import {
  issuedKey,
  sessionIdOf,
  sessionKey,
  type SessionRecord,
} from '../../../src/domain/sessions/session-records.ts';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';
import { notedDeliveries, plantApp, plantGrants, plantSession } from './planted-sessions.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
let nudges: number;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  nudges = 0;
});

const now = Math.floor(Date.now() / 1000);
const deps = () => ({
  ...harness.deps,
  tellApps: () => {
    nudges += 1;
  },
});
const list = (input: Record<string, unknown> = {}, caller: Caller = account.admin) =>
  performOperation(deps(), caller, listSessions, { userName: 'alice', ...input });

const logOn = async (uid: string, changes: Partial<SessionRecord['payload']> = {}, user: Caller = alice) =>
  (await plantSession(harness.deps, { issuerName: account.alias, user, uid }, { loginTs: now, ...changes })).sessionId;

test('the name that a browser gives itself is shown as text, and cut', async () => {
  const sessionId = await logOn('long');
  const logon = { issuerName: account.alias, sessionId, startedAt: now + 1, sourceIp: '192.0.2.7' };
  await noteSessionLogon(harness.deps.ephemeral, alice, { ...logon, userAgent: `<b>${'x'.repeat(5000)}` });
  const { items } = await list();
  expect(items.map(({ userAgent }) => userAgent)).toEqual([`<b>${'x'.repeat(253)}`]);
});

test('a session stands where its issuer keeps it', () => {
  expect(sessionKey('acme', sessionIdOf('some-uid'))).toBe(issuedKey('acme', 'Session', 'some-uid'));
});

test('many are listed page by page, newest first, each once', async () => {
  for (let at = 0; at < 25; at += 1) await logOn(`uid-${at}`, { loginTs: now - Math.floor(at / 3) });
  const seen: string[] = [];
  const starts: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 7, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.items.map(({ sessionId }) => sessionId));
    starts.push(...page.items.map(({ startedAt }) => startedAt.getTime()));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(25);
  expect(starts).toEqual(starts.toSorted((left, right) => right - left));
});

test('a session that somebody else has logged on in since is not shown or ended with the former user’s', async () => {
  const bob = await newUser(harness.deps.db, account.accountId, 'bob');
  const id = await logOn('shared');
  await logOn('shared', { loginTs: now + 1 }, bob);
  expect((await list()).items).toEqual([]);
  const input = { userName: 'alice', sessionId: id };
  expect((await refusal(performOperation(deps(), account.admin, deleteSession, input))).code).toBe(
    'EntityNotExist.User.Session',
  );
  await performOperation(deps(), account.admin, deleteSessions, { userName: 'alice' });
  expect((await list({ userName: 'bob' })).items).toHaveLength(1);
});

test('ending takes what was granted in the session, but not offline access, and has its apps told', async () => {
  const { ephemeral } = harness.deps;
  const grants = await plantGrants(harness.deps, account.alias, ['bound', 'offline']);
  const [appA, appB, deaf] = [`app_a${account.alias}`, `app_b${account.alias}`, `app_deaf${account.alias}`];
  for (const clientId of [appA, appB]) await plantApp(harness.deps, account.accountId, clientId);
  await plantApp(harness.deps, account.accountId, deaf, null);
  const sessionId = await logOn('granted', {
    authorizations: {
      [appA]: { sid: 'sid-a', grantId: 'bound' },
      [appB]: { sid: 'sid-b', grantId: 'offline', persistsLogout: true },
      [deaf]: { sid: 'sid-c' },
      app_gone: { sid: 'sid-d' },
      app_c: {},
    },
  });
  await performOperation(deps(), account.admin, deleteSession, { userName: 'alice', sessionId });
  expect(await Promise.all(grants.map((key) => ephemeral.get(key)))).toEqual([undefined, 'granted']);
  const noted = { issuerName: account.alias, userId: alice.userId, status: 'pending' };
  expect(await notedDeliveries(harness.deps, account.accountId)).toEqual([
    { ...noted, clientId: appA, sid: 'sid-a' },
    { ...noted, clientId: appB, sid: 'sid-b' },
  ]);
  expect(nudges).toBeGreaterThan(0);
});

test('of many sessions all are ended, and ten at a time rather than one after the other', async () => {
  const { ephemeral } = harness.deps;
  const records = new Set<string>();
  for (let at = 0; at < 23; at += 1) records.add(sessionKey(account.alias, await logOn(`many-${at}`)));
  let [now, most] = [0, 0];
  const slowly: EphemeralStore = {
    ...ephemeral,
    delete: async (key) => {
      if (!records.has(key)) return await ephemeral.delete(key);
      now += 1;
      most = Math.max(most, now);
      await setTimeout(20);
      const isGone = await ephemeral.delete(key);
      now -= 1;
      return isGone;
    },
  };
  await performOperation({ ...deps(), ephemeral: slowly }, account.admin, deleteSessions, { userName: 'alice' });
  for (const key of records) expect(await ephemeral.get(key)).toBeUndefined();
  expect((await list()).items).toEqual([]);
  expect(most).toBe(10);
});

test('an app that is added while a session ends is told too', async () => {
  const [early, late] = [`app_early${account.alias}`, `app_late${account.alias}`];
  for (const clientId of [early, late]) await plantApp(harness.deps, account.accountId, clientId);
  const authorizations = { [early]: { sid: 'sid-early' } };
  const { sessionId, key } = await plantSession(
    harness.deps,
    { issuerName: account.alias, user: alice, uid: 'growing' },
    { authorizations },
  );
  const { ephemeral } = harness.deps;
  let added = false;
  const meanwhile: EphemeralStore = {
    ...ephemeral,
    compareAndSet: async (...asked) => {
      if (!added) {
        added = true;
        const record = JSON.parse((await ephemeral.get(key)) ?? '') as SessionRecord;
        const grown = { ...authorizations, [late]: { sid: 'sid-late' } };
        const payload = { ...record.payload, authorizations: grown };
        await ephemeral.set(key, JSON.stringify({ ...record, payload }), 3600);
      }
      return await ephemeral.compareAndSet(...asked);
    },
  };
  const racing = { ...deps(), ephemeral: meanwhile };
  await performOperation(racing, account.admin, deleteSession, { userName: 'alice', sessionId });
  const told = await notedDeliveries(harness.deps, account.accountId);
  expect(told.map(({ clientId, sid }) => [clientId, sid])).toEqual([
    [early, 'sid-early'],
    [late, 'sid-late'],
  ]);
  expect(await ephemeral.get(key)).toBeUndefined();
});

test('whoever may not end sessions ends none, and no app is told', async () => {
  const sessionId = await logOn('mine');
  const bob = await newUser(harness.deps.db, account.accountId, 'bob');
  for (const attempt of [
    performOperation(deps(), bob, deleteSession, { userName: 'alice', sessionId }),
    performOperation(deps(), bob, deleteSessions, { userName: 'alice' }),
    list({}, bob),
  ])
    expect((await refusal(attempt)).code).toBe('NoPermission');
  expect(await notedDeliveries(harness.deps, account.accountId)).toEqual([]);
  expect((await list()).items).toHaveLength(1);
  const events = await eventsOf(harness.deps.db, account.accountId);
  expect(events.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['ram:DeleteSession', 'refused'],
    ['ram:DeleteSession', 'refused'],
    ['ram:ListSessions', 'refused'],
  ]);
});

test('of twenty who end one session at once the store loses it once and nobody fails but for its absence', async () => {
  const sessionId = await logOn('raced');
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      performOperation(deps(), account.admin, deleteSession, { userName: 'alice', sessionId }),
    ),
  );
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'EntityNotExist.User.Session' });
  expect((await list()).items).toEqual([]);
});
