import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newToken } from '../../../src/crypto/tokens.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import {
  deleteForgottenDevices,
  findDevicesOfBrowser,
  findKnownDevice,
  listKnownDevices,
} from '../../../src/domain/devices/known-devices-store.ts';
import { noteKnownDevice, type SeenDevice } from '../../../src/domain/devices/note-known-device.ts';
import { raiseAccountEpoch } from '../../../src/domain/accounts/accounts-store.ts';
import { chores } from '../../../src/domain/housekeeping.ts';
import { findLogonUserById, findLogonUserByName, insertLogon } from '../../../src/domain/logon/logon-store.ts';
import { logonEvent } from '../../../src/domain/logon/logon-event.ts';
import { deleteUser, raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { eventsOf, type Harness, newAccount, newUser, openHarness, userRow } from '../operation-harness.ts';

const numbered = (count: number) => Array.from({ length: count }, (_none, at) => at);
const inSeconds = (date: Date | null | undefined): number => ((date?.getTime() ?? 0) - Date.now()) / 1000;

describe('known devices', () => {
  let harness: Harness;
  let alice: Caller;
  let bob: Caller;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    const { accountId } = await newAccount(harness);
    alice = await newUser(harness.deps.db, accountId, 'alice');
    bob = await newUser(harness.deps.db, accountId, 'bob');
  });

  const epochOf = async ({ accountId, userName }: Caller) =>
    (await userRow(harness.deps.db, accountId, userName))?.epoch ?? -1;
  const seen = async (user: Caller, changes: Partial<SeenDevice> = {}): Promise<SeenDevice> => ({
    accountId: user.accountId,
    userId: user.userId,
    accountEpoch: 1,
    userEpoch: await epochOf(user),
    tokenHash: newToken(),
    userAgent: 'Firefox',
    sourceIp: '192.0.2.1',
    saveMfa: false,
    ...changes,
  });
  const note = async (user: Caller, changes: Partial<SeenDevice> = {}): Promise<SeenDevice> => {
    const device = await seen(user, changes);
    await noteKnownDevice(harness.deps.db, device);
    return device;
  };
  const find = ({ userId }: Caller, { tokenHash }: SeenDevice) =>
    findKnownDevice(harness.deps.db, { userId, tokenHashes: [tokenHash] });
  const list = ({ userId }: Caller) => listKnownDevices(harness.deps.db, userId);
  const rowsOf = ({ userId }: Caller) =>
    harness.deps.db.select().from(knownDevices).where(eq(knownDevices.userId, userId));
  const rewind = (user: Caller, column: 'lastSeenAt' | 'mfaSavedUntil', days: number) =>
    harness.deps.db
      .update(knownDevices)
      .set({ [column]: sql`now() - make_interval(days => ${days}::int)` })
      .where(eq(knownDevices.userId, user.userId));

  it('a device is known to the user who logged on with it, and to nobody else in the same browser', async () => {
    const device = await note(alice);
    expect(await find(alice, device)).toEqual({ knownDeviceId: expect.stringMatching(/^dev_/), mfaSavedUntil: null });
    expect(await find(bob, device)).toBeUndefined();
    expect(await find(alice, { ...device, tokenHash: newToken() })).toBeUndefined();
    expect(await find(alice, { ...device, tokenHash: '' })).toBeUndefined();
  });

  it('one browser may be known to several users, each with a record of their own', async () => {
    const { tokenHash } = await note(alice);
    const device = await note(bob, { tokenHash });
    const [ofAlice, ofBob] = [await find(alice, device), await find(bob, device)];
    expect([typeof ofAlice?.knownDeviceId, typeof ofBob?.knownDeviceId]).toEqual(['string', 'string']);
    expect(ofAlice?.knownDeviceId).not.toBe(ofBob?.knownDeviceId);
  });

  it('another logon with it renews where and when it was seen, and stays one record', async () => {
    const device = await note(alice);
    await rewind(alice, 'lastSeenAt', 3);
    const before = (await list(alice))[0];
    await noteKnownDevice(harness.deps.db, { ...device, sourceIp: '198.51.100.1', userAgent: undefined });
    const [after, ...others] = await list(alice);
    expect(others).toEqual([]);
    expect(after).toMatchObject({ knownDeviceId: before?.knownDeviceId, sourceIp: '198.51.100.1', userAgent: null });
    expect(after?.createdAt).toEqual(before?.createdAt);
    expect(Math.abs(inSeconds(after?.lastSeenAt))).toBeLessThan(60);
  });

  it('racing logons with one device leave one record', async () => {
    const device = await seen(alice);
    await Promise.all(numbered(10).map(() => noteKnownDevice(harness.deps.db, device)));
    expect(await rowsOf(alice)).toHaveLength(1);
  });

  it('what a browser says of itself is cut to size', async () => {
    await note(alice, { userAgent: 'x'.repeat(5000) });
    expect((await list(alice))[0]?.userAgent).toHaveLength(256);
  });

  describe('standing in for a second factor', () => {
    const weekSeconds = 7 * 86_400;

    it('lasts seven days by the clock of the database, and a logon without asking for it leaves it as it is', async () => {
      const device = await note(alice, { saveMfa: true });
      const until = (await find(alice, device))?.mfaSavedUntil;
      expect(until).toBeInstanceOf(Date);
      expect(Math.abs(inSeconds(until) - weekSeconds)).toBeLessThan(60);
      await noteKnownDevice(harness.deps.db, { ...device, saveMfa: false });
      expect((await find(alice, device))?.mfaSavedUntil).toEqual(until);
      expect((await find(bob, device))?.mfaSavedUntil).toBeUndefined();
    });

    it('is over when it is past; the device stays known', async () => {
      const device = await note(alice, { saveMfa: true });
      await rewind(alice, 'mfaSavedUntil', 0);
      expect(await find(alice, device)).toMatchObject({ mfaSavedUntil: null });
      expect((await list(alice))[0]?.mfaSavedUntil).toBeNull();
    });

    it('does not come back with a logon after everything of the user was ended', async () => {
      const device = await note(alice, { saveMfa: true });
      await raiseUserEpoch(harness.deps.db, alice.userId);
      await noteKnownDevice(harness.deps.db, { ...device, saveMfa: false, userEpoch: await epochOf(alice) });
      expect(await find(alice, device)).toMatchObject({ mfaSavedUntil: null });
    });

    it('does not outlive the end of everybody in the account, nor come back with whoever was noted while it came', async () => {
      const device = await note(alice, { saveMfa: true });
      await raiseAccountEpoch(harness.deps.db, device.accountId);
      expect([await find(alice, device), await list(alice)]).toEqual([undefined, []]);
      // A logon that began before, and comes to its end now.
      const late = await note(alice, { saveMfa: true });
      expect(await find(alice, late)).toBeUndefined();
      const present = { accountEpoch: device.accountEpoch + 1 };
      await noteKnownDevice(harness.deps.db, { ...device, ...present, saveMfa: false });
      expect(await find(alice, device)).toMatchObject({ mfaSavedUntil: null });
    });

    it('goes over to a new token of the same user; whoever else is known by the old one stays so, as they were', async () => {
      const old = await note(alice, { saveMfa: true });
      await note(bob, { tokenHash: old.tokenHash });
      const ofBob = await rowsOf(bob);
      const fresh = await note(alice, { saveMfa: true, formerTokenHashes: [old.tokenHash] });
      expect([await find(alice, old), await find(bob, fresh)]).toEqual([undefined, undefined]);
      expect((await find(alice, fresh))?.mfaSavedUntil).toBeInstanceOf(Date);
      expect(await rowsOf(alice)).toHaveLength(1);
      expect(await rowsOf(bob)).toEqual(ofBob);
    });
  });

  describe('a browser that brings several tokens', () => {
    const findBy = ({ userId }: Caller, devices: readonly SeenDevice[]) =>
      findKnownDevice(harness.deps.db, { userId, tokenHashes: devices.map(({ tokenHash }) => tokenHash) });

    it('is known to each user by their own, whatever lies beside it', async () => {
      const [ofAlice, ofBob, ofNobody] = [await note(alice), await note(bob), await seen(bob)];
      const all = [ofNobody, ofBob, ofAlice];
      expect(await findBy(alice, all)).toEqual(await find(alice, ofAlice));
      expect(await findBy(bob, all)).toEqual(await find(bob, ofBob));
      expect([await findBy(alice, [ofBob, ofNobody]), await findBy(bob, [])]).toEqual([undefined, undefined]);
      const { db } = harness.deps;
      const hashes = all.map(({ tokenHash }) => tokenHash);
      expect(await findDevicesOfBrowser(db, hashes)).toEqual([
        { userId: bob.userId, tokenHash: ofBob.tokenHash },
        { userId: alice.userId, tokenHash: ofAlice.tokenHash },
      ]);
      expect(await findDevicesOfBrowser(db, [ofNobody.tokenHash])).toEqual([]);
      expect(await findDevicesOfBrowser(db, [])).toEqual([]);
    });

    it('is nobody’s by a token of an epoch that is past', async () => {
      const [ofAlice, ofBob] = [await note(alice), await note(bob)];
      await raiseUserEpoch(harness.deps.db, alice.userId);
      const hashes = [ofAlice.tokenHash, ofBob.tokenHash];
      expect(await findBy(alice, [ofAlice, ofBob])).toBeUndefined();
      expect(await findDevicesOfBrowser(harness.deps.db, hashes)).toEqual([
        { userId: bob.userId, tokenHash: ofBob.tokenHash },
      ]);
    });

    it('with two of one user is the device last seen, once, for every question', async () => {
      const { db } = harness.deps;
      const { accountId, userId } = alice;
      const first = await note(alice);
      const second = await note(alice);
      await noteKnownDevice(db, first);
      const expected = (await find(alice, first))?.knownDeviceId;
      for (const hashes of [
        [first.tokenHash, second.tokenHash],
        [second.tokenHash, first.tokenHash],
      ]) {
        expect((await findKnownDevice(db, { userId, tokenHashes: hashes }))?.knownDeviceId).toBe(expected);
        expect((await findLogonUserByName(db, accountId, 'alice', hashes))?.knownDeviceId).toBe(expected);
        expect((await findLogonUserById(db, accountId, userId, hashes))?.knownDeviceId).toBe(expected);
      }
    });

    it('is rid of all that its user was known by before, and of nobody else’s', async () => {
      const formers = [await note(alice), await note(alice)];
      const elsewhere = await note(alice);
      const ofBob = await note(bob);
      const formerTokenHashes = [...formers, ofBob].map(({ tokenHash }) => tokenHash);
      const fresh = await note(alice, { formerTokenHashes });
      expect((await rowsOf(alice)).map(({ tokenHash }) => tokenHash).toSorted()).toEqual(
        [elsewhere.tokenHash, fresh.tokenHash].toSorted(),
      );
      expect(await find(bob, ofBob)).toBeDefined();
    });
  });

  it('whatever ends the user’s sessions makes all devices strangers, also where a logon under way notes one too late', async () => {
    const device = await note(alice, { saveMfa: true });
    const late = await seen(alice);
    await raiseUserEpoch(harness.deps.db, alice.userId);
    await noteKnownDevice(harness.deps.db, late);
    await noteKnownDevice(harness.deps.db, device);
    expect([await find(alice, device), await find(alice, late)]).toEqual([undefined, undefined]);
    expect(await list(alice)).toEqual([]);
    const next = await note(alice);
    expect((await list(alice)).map(({ userAgent }) => userAgent)).toEqual(['Firefox']);
    // Those that hold no more are gone for good.
    expect((await rowsOf(alice)).map(({ tokenHash }) => tokenHash)).toEqual([next.tokenHash]);
  });

  it('of a user who is gone nothing is noted, and nothing fails', async () => {
    const device = await seen(alice);
    await note(alice);
    await deleteUser(harness.deps.db, alice.userId);
    await noteKnownDevice(harness.deps.db, device);
    const event = { ...logonEvent({ ...alice, user: alice, sourceIp: '192.0.2.1', requestId: 'r' }, 'logon') };
    await insertLogon(harness.deps.db, device, { ...event, outcome: 'success', details: {} });
    expect(await rowsOf(alice)).toEqual([]);
  });

  it('twenty devices of a user are kept: the one longest unseen goes, and of other users none', async () => {
    await note(bob);
    const first = await note(alice, { userAgent: 'first' });
    const second = await note(alice, { userAgent: 'second' });
    for (const at of numbered(18)) await note(alice, { userAgent: `${at}` });
    await noteKnownDevice(harness.deps.db, first);
    expect(await rowsOf(alice)).toHaveLength(20);
    await note(alice, { userAgent: 'newest' });
    const kept = await list(alice);
    expect(kept).toHaveLength(20);
    expect(kept[0]?.userAgent).toBe('newest');
    expect([await find(alice, second), typeof (await find(alice, first))?.knownDeviceId]).toEqual([
      undefined,
      'string',
    ]);
    await Promise.all(numbered(30).map(() => note(alice)));
    await note(alice);
    expect(await rowsOf(alice)).toHaveLength(20);
    expect(await rowsOf(bob)).toHaveLength(1);
  });

  it('a logon notes user, device and event in one statement, and finds the device in the query of the user', async () => {
    const { db } = harness.deps;
    const device = await seen(alice, { saveMfa: true });
    const event = logonEvent({ ...alice, user: alice, sourceIp: '192.0.2.1', requestId: 'r' }, 'logon');
    const before = await userRow(db, alice.accountId, 'alice');
    await insertLogon(db, device, { ...event, outcome: 'success', details: {} });
    const after = await userRow(db, alice.accountId, 'alice');
    expect([before?.lastLogonAt, after?.lastLogonAt]).toEqual([null, expect.any(Date)]);
    expect([after?.revision, after?.updatedAt]).toEqual([before?.revision, before?.updatedAt]);
    expect((await eventsOf(db, alice.accountId)).filter(({ action }) => action === 'logon')).toHaveLength(1);
    const { knownDeviceId } = (await find(alice, device)) ?? {};
    for (const found of [
      await findLogonUserByName(db, alice.accountId, 'ALICE', [device.tokenHash]),
      await findLogonUserById(db, alice.accountId, alice.userId, [device.tokenHash]),
    ]) {
      // The account does not let devices stand in for a second factor.
      expect(found).toMatchObject({ userId: alice.userId, knownDeviceId, mfaSaved: false });
    }
    for (const found of [
      await findLogonUserByName(db, alice.accountId, 'alice'),
      await findLogonUserByName(db, alice.accountId, 'alice', [newToken()]),
      await findLogonUserByName(db, bob.accountId, 'bob', [device.tokenHash]),
    ]) {
      expect(found).toMatchObject({ knownDeviceId: null, mfaSaved: false });
    }
  });

  it('devices not seen for 180 days are forgotten in small rounds, others stay', async () => {
    const { db } = harness.deps;
    for (const _at of numbered(5)) await note(alice);
    await rewind(alice, 'lastSeenAt', 181);
    await note(bob);
    await rewind(bob, 'lastSeenAt', 179);
    expect(await deleteForgottenDevices(db, 3)).toBe(3);
    expect(await rowsOf(alice)).toHaveLength(2);
    expect(await deleteForgottenDevices(db, 3)).toBe(2);
    expect(await deleteForgottenDevices(db, 3)).toBe(0);
    expect(await rowsOf(bob)).toHaveLength(1);
    expect(chores.map(({ round }) => round)).toContain(deleteForgottenDevices);
  });

  it('the count of a list is a number, and what it holds is no secret', async () => {
    await note(alice, { saveMfa: true });
    const [device] = await list(alice);
    expect(Object.keys(device ?? {}).toSorted()).toEqual(
      ['createdAt', 'knownDeviceId', 'lastSeenAt', 'mfaSavedUntil', 'sourceIp', 'userAgent'].toSorted(),
    );
    const epoch = (await harness.deps.db.select({ epoch: users.epoch }).from(users))[0]?.epoch;
    expect([typeof epoch, typeof (await rowsOf(alice))[0]?.userEpoch]).toEqual(['number', 'number']);
  });
});
