import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newToken } from '../../../src/crypto/tokens.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { deleteDevice, deleteDevices, listDevices } from '../../../src/domain/devices/device-operations.ts';
import { findKnownDevice } from '../../../src/domain/devices/known-devices-store.ts';
import { noteKnownDevice } from '../../../src/domain/devices/note-known-device.ts';
import { deleteOwnDevice, deleteOwnDevices, listOwnDevices } from '../../../src/domain/devices/own-devices.ts';
import { deleteLoginProfile } from '../../../src/domain/login-profiles/login-profile-operations.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { bindTotp } from '../../../src/domain/mfa/mfa.ts';
import { deleteMfaDevices } from '../../../src/domain/mfa/mfa-device-operations.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { deleteOwnSessions } from '../../../src/domain/sessions/own-sessions.ts';
import { deleteSessions } from '../../../src/domain/sessions/session-operations.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
let bob: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  bob = await newUser(harness.deps.db, account.accountId, 'bob');
});

const deps = () => harness.deps;

/** Logs on with a browser of its own; answers what it is looked up by. */
async function logOn({ accountId, userId, userName }: Caller, saveMfa = false): Promise<string> {
  const userEpoch = (await userRow(deps().db, accountId, userName))?.epoch ?? -1;
  const tokenHash = newToken();
  const from = { userAgent: 'Firefox', sourceIp: '192.0.2.1' };
  await noteKnownDevice(deps().db, { accountId, userId, accountEpoch: 1, userEpoch, tokenHash, ...from, saveMfa });
  return tokenHash;
}
const isKnown = async ({ userId }: Caller, tokenHash: string) =>
  (await findKnownDevice(deps().db, { userId, tokenHashes: [tokenHash] })) !== undefined;
const list = (caller: Caller = account.admin, userName = 'alice') =>
  performOperation(deps(), caller, listDevices, { userName });
const own = (caller: Caller = alice) => performOperation(deps(), caller, listOwnDevices, {});

test.each<[string, (kept: string) => Promise<unknown>, boolean]>([
  [
    'all others in the browser that stays leaves that one known',
    (kept) =>
      performOperation(deps(), { ...alice, deviceTokenHashes: [kept] }, deleteOwnSessions, { except: 'x'.repeat(43) }),
    true,
  ],
  ['all', () => performOperation(deps(), alice, deleteOwnSessions, {}), false],
  [
    'all by an administrator',
    () => performOperation(deps(), account.admin, deleteSessions, { userName: 'alice' }),
    false,
  ],
])('ending %s makes strangers of the devices, and of nobody else’s', async (_which, end, staysKnown) => {
  const [kept, other, bobs] = [await logOn(alice, true), await logOn(alice, true), await logOn(bob, true)];
  await end(kept);
  expect([await isKnown(alice, kept), await isKnown(alice, other), await isKnown(bob, bobs)]).toEqual([
    staysKnown,
    false,
    true,
  ]);
});

test('devices are listed the last seen first, without what they are known by', async () => {
  await logOn(bob);
  await logOn(alice);
  await logOn(alice, true);
  const { items } = await list();
  expect(items.map(({ mfaSavedUntil }) => mfaSavedUntil)).toEqual([expect.any(Date), null]);
  expect(items[1]).toEqual({
    deviceId: expect.stringMatching(/^dev_[a-z0-9]{20}$/),
    userAgent: 'Firefox',
    sourceIp: '192.0.2.1',
    createdAt: expect.any(Date),
    lastSeenAt: expect.any(Date),
    mfaSavedUntil: null,
  });
  expect(await own()).toEqual({ items });
});

test('one is forgotten and a stranger from then on; the others stay, and it is told', async () => {
  const first = await logOn(alice);
  const second = await logOn(alice);
  const [newest, oldest] = (await list()).items;
  await performOperation(deps(), account.admin, deleteDevice, { userName: 'alice', deviceId: oldest?.deviceId });
  expect([await isKnown(alice, first), await isKnown(alice, second)]).toEqual([false, true]);
  await performOperation(deps(), alice, deleteOwnDevice, { deviceId: newest?.deviceId });
  expect(await isKnown(alice, second)).toBe(false);
  expect(
    (await eventsOf(deps().db, account.accountId)).map(({ action, outcome, details }) => [action, outcome, details]),
  ).toEqual([
    ['ram:DeleteDevice', 'success', { deviceId: oldest?.deviceId }],
    ['ram:DeleteDevice', 'success', { deviceId: newest?.deviceId }],
  ]);
});

test('forgetting a device ends no session: the epoch stays', async () => {
  await logOn(alice);
  const before = (await userRow(deps().db, account.accountId, 'alice'))?.epoch;
  await performOperation(deps(), account.admin, deleteDevices, { userName: 'alice' });
  expect((await userRow(deps().db, account.accountId, 'alice'))?.epoch).toBe(before);
});

test('all of a user are forgotten, and of nobody else', async () => {
  const ofBob = await logOn(bob);
  for (const _at of [1, 2, 3]) await logOn(alice);
  expect(await performOperation(deps(), account.admin, deleteDevices, { userName: 'alice' })).toEqual({ removed: 3 });
  expect((await list()).items).toEqual([]);
  expect(await isKnown(bob, ofBob)).toBe(true);
  await performOperation(deps(), bob, deleteOwnDevices, {});
  expect(await isKnown(bob, ofBob)).toBe(false);
  expect(await performOperation(deps(), bob, deleteOwnDevices, {})).toEqual({ removed: 0 });
});

test('a device of somebody else, of another account or of nobody is not there, and stays', async () => {
  const ofBob = await logOn(bob);
  const elsewhere = await newAccount(harness);
  const carol = await newUser(deps().db, elsewhere.accountId, 'alice');
  const ofCarol = await logOn(carol);
  const bobs = (await own(bob)).items[0]?.deviceId;
  const carols = (await own(carol)).items[0]?.deviceId;
  for (const deviceId of [bobs, carols, 'dev_00000000000000000000']) {
    for (const attempt of [
      performOperation(deps(), alice, deleteOwnDevice, { deviceId }),
      performOperation(deps(), account.admin, deleteDevice, { userName: 'alice', deviceId }),
    ])
      expect((await refusal(attempt)).code).toBe('EntityNotExist.User.Device');
  }
  expect([await isKnown(bob, ofBob), await isKnown(carol, ofCarol)]).toEqual([true, true]);
  expect((await refusal(list(account.admin, 'nobody'))).code).toBe('EntityNotExist.User');
});

test.each([
  { deviceId: 7 },
  { deviceId: 'dev_x' },
  { deviceId: 'mfa_00000000000000000000' },
  {},
  { deviceId: [], x: 1 },
])('what is no id of a device is refused: %j', async (input) => {
  expect((await refusal(performOperation(deps(), alice, deleteOwnDevice, input))).code).toBe('InvalidParameter');
});

test('whoever has no right to them sees and forgets none', async () => {
  const tokenHash = await logOn(alice);
  const deviceId = (await own()).items[0]?.deviceId;
  for (const attempt of [
    list(bob),
    performOperation(deps(), bob, deleteDevice, { userName: 'alice', deviceId }),
    performOperation(deps(), bob, deleteDevices, { userName: 'alice' }),
    performOperation(deps(), { ...alice, apiAccess: 'read' as const }, deleteOwnDevices, {}),
  ])
    expect((await refusal(attempt)).code).toBe('NoPermission');
  expect(await isKnown(alice, tokenHash)).toBe(true);
});

const password = 'violet-anchor-spoons-91';

test.each<[string, () => Promise<unknown>]>([
  [
    'frozen',
    () =>
      performOperation(deps(), account.admin, updateUser, {
        user: { userName: 'alice' },
        changes: { status: 'frozen' },
      }),
  ],
  [
    'given another password',
    () => performOperation(deps(), account.admin, putLoginProfile, { userName: 'alice', profile: { password } }),
  ],
  [
    'rid of their login profile',
    () => performOperation(deps(), account.admin, deleteLoginProfile, { userName: 'alice' }),
  ],
  [
    'rid of their second factor',
    async () => {
      await bindTotp(deps(), alice, { secret: newTotpSecret(), provedStep: 1 });
      await performOperation(deps(), account.admin, deleteMfaDevices, { userName: 'alice' });
    },
  ],
])('the devices of a user who is %s are strangers at once', async (_what, happen) => {
  const tokenHash = await logOn(alice, true);
  const ofBob = await logOn(bob);
  expect(await isKnown(alice, tokenHash)).toBe(true);
  await happen();
  expect(await isKnown(alice, tokenHash)).toBe(false);
  expect((await list()).items).toEqual([]);
  expect(await isKnown(bob, ofBob)).toBe(true);
});

test('with a deleted user their devices go for good', async () => {
  await logOn(alice);
  await performOperation(deps(), account.admin, deleteUser, { user: { userName: 'alice' }, cascade: true });
  expect(await deps().db.select().from(knownDevices).where(eq(knownDevices.userId, alice.userId))).toEqual([]);
});
