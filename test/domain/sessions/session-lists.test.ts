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
import type { EndedSession } from '../../../src/domain/sessions/user-sessions.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
let told: EndedSession[];
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  told = [];
});

const now = Math.floor(Date.now() / 1000);
const deps = () => ({ ...harness.deps, tellApps: (ended: EndedSession) => void told.push(ended) });
const list = (input: Record<string, unknown> = {}, caller: Caller = account.admin) =>
  performOperation(deps(), caller, listSessions, { userName: 'alice', ...input });

/** What an issuer leaves in the store when somebody logs on. */
async function logOn(uid: string, changes: Partial<SessionRecord['payload']> = {}, user: Caller = alice) {
  const { ephemeral } = harness.deps;
  const payload = { uid, accountId: user.userId, loginTs: now, exp: now + 3600, ...changes };
  const sessionId = sessionIdOf(uid);
  const logon = { issuerName: account.alias, sessionId, startedAt: payload.loginTs, sourceIp: '192.0.2.7' };
  await ephemeral.set(sessionKey(account.alias, sessionId), JSON.stringify({ epochs: [1, 1, null], payload }), 3600);
  await noteSessionLogon(ephemeral, user, { ...logon, userAgent: undefined });
  return sessionId;
}

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
  const grants = ['bound', 'offline'].map((id) => issuedKey(account.alias, 'Grant', id));
  for (const key of grants) await ephemeral.set(key, 'granted', 3600);
  const sessionId = await logOn('granted', {
    authorizations: {
      app_a: { sid: 'sid-a', grantId: 'bound' },
      app_b: { sid: 'sid-b', grantId: 'offline', persistsLogout: true },
      app_c: {},
    },
  });
  await performOperation(deps(), account.admin, deleteSession, { userName: 'alice', sessionId });
  expect(await Promise.all(grants.map((key) => ephemeral.get(key)))).toEqual([undefined, 'granted']);
  const apps = [
    { clientId: 'app_a', sid: 'sid-a' },
    { clientId: 'app_b', sid: 'sid-b' },
  ];
  expect(told).toEqual([{ issuerName: account.alias, userId: alice.userId, apps }]);
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
  expect(told).toEqual([]);
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
