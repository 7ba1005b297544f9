import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newToken } from '../../../src/crypto/tokens.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { listKnownDevices } from '../../../src/domain/devices/known-devices-store.ts';
import type { SeenDevice } from '../../../src/domain/devices/note-known-device.ts';
import { logonEvent } from '../../../src/domain/logon/logon-event.ts';
import { insertLogon } from '../../../src/domain/logon/logon-store.ts';
import { deleteUser, raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import { databaseServers } from '../database-servers.ts';
import { eventsOf, type Harness, newAccount, newUser, userRow } from '../operation-harness.ts';

const numbered = (count: number) => Array.from({ length: count }, (_none, at) => at);

describe.each(databaseServers)('logons at once, on %s', (_name, openOn) => {
  let harness: Harness;
  let alice: Caller;
  beforeAll(async () => {
    harness = await openOn();
  });
  beforeEach(async () => {
    const { accountId } = await newAccount(harness);
    alice = await newUser(harness.deps.db, accountId, 'alice');
  });
  afterAll(() => harness.close());

  const epoch = async () => (await userRow(harness.deps.db, alice.accountId, 'alice'))?.epoch ?? -1;
  const logOn = (device: Partial<SeenDevice> & Pick<SeenDevice, 'userEpoch'>) => {
    const { accountId, userId } = alice;
    const seen = { tokenHash: newToken(), userAgent: 'Firefox', sourceIp: '192.0.2.1', saveMfa: false };
    const event = logonEvent({ accountId, user: alice, sourceIp: '192.0.2.1', requestId: 'r' }, 'logon');
    return insertLogon(
      harness.deps.db,
      { accountId, userId, accountEpoch: 1, ...seen, ...device },
      { ...event, outcome: 'success', details: {} },
    );
  };
  const rows = () => harness.deps.db.select().from(knownDevices).where(eq(knownDevices.userId, alice.userId));
  const logons = async () =>
    (await eventsOf(harness.deps.db, alice.accountId)).filter(({ action }) => action === 'logon').length;

  test('forty with as many devices all succeed, and the next leaves no more than twenty', async () => {
    const userEpoch = await epoch();
    await Promise.all(numbered(40).map(() => logOn({ userEpoch })));
    await logOn({ userEpoch });
    expect([await logons(), (await rows()).length]).toEqual([41, 20]);
  });

  test('forty with one device leave one record', async () => {
    const [userEpoch, tokenHash] = [await epoch(), newToken()];
    await Promise.all(numbered(40).map(() => logOn({ userEpoch, tokenHash })));
    expect([await logons(), (await rows()).length]).toEqual([40, 1]);
  });

  test('what races an end of all sessions is known only if it came with the new epoch', async () => {
    const [userEpoch, late] = [await epoch(), newToken()];
    await Promise.all([
      ...numbered(10).map(() => logOn({ userEpoch })),
      raiseUserEpoch(harness.deps.db, alice.userId),
      ...numbered(10).map(() => logOn({ userEpoch: userEpoch + 1, tokenHash: late })),
    ]);
    const known = await listKnownDevices(harness.deps.db, alice.userId);
    expect(known.length).toBeLessThanOrEqual(1);
    const held = (await rows()).filter((row) => row.userEpoch > userEpoch);
    expect(held.map(({ tokenHash }) => tokenHash)).toEqual(known.map(() => late));
    await logOn({ userEpoch: userEpoch + 1, tokenHash: late });
    expect((await rows()).map(({ tokenHash }) => tokenHash)).toEqual([late]);
  });

  test('what races the removal of the user leaves nothing, and fails for nobody', async () => {
    const userEpoch = await epoch();
    await Promise.all([
      ...numbered(10).map(() => logOn({ userEpoch })),
      deleteUser(harness.deps.db, alice.userId),
      ...numbered(10).map(() => logOn({ userEpoch })),
    ]);
    expect([await logons(), await rows()]).toEqual([20, []]);
  });
});
