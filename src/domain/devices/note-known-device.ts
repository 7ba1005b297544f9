import { and, eq, inArray, lt, ne, or, sql } from 'drizzle-orm';
import { newPrefixedId } from '../../crypto/random-ids.ts';
import type { Database } from '../../storage/db/database.ts';
import { knownDevices } from '../../storage/db/schema/known-devices.ts';
import { users } from '../../storage/db/schema/users.ts';
import { lastSeenFirst } from './known-devices-store.ts';

const devicesPerUser = 20;

/** RAM: EnableSaveMFATicket. */
const savedMfaDays = 7;

const shownUserAgentLength = 256;

/** A browser that a user has just logged on with. */
export interface SeenDevice {
  readonly accountId: string;
  readonly userId: string;
  /** The epochs that the logon rests on: where the user's has risen since, nothing is noted, and what is noted holds for the account's alone. */
  readonly accountEpoch: number;
  readonly userEpoch: number;
  /** Of a token that nobody but this user was ever given. */
  readonly tokenHash: string;
  /** Of tokens that this user was known by in the same browser before: they are known by those no more. */
  readonly formerTokenHashes?: readonly string[] | undefined;
  readonly userAgent: string | undefined;
  readonly sourceIp: string;
  /** Whether it stands in for a second factor from now on, for a while; if not, what was saved before stays. */
  readonly saveMfa: boolean;
}

/** Notes that a user has logged on with a device, and forgets the longest unseen of more than are kept of one user. */
export async function noteKnownDevice(db: Database, device: SeenDevice): Promise<void> {
  const owner = ownerQuery(db, device.userId);
  await db
    .with(owner, ...deviceNotes(db, owner, device))
    .select({ userId: owner.userId })
    .from(owner);
}

/** Whose device it is, with the epoch as it is now: nothing where the user is gone. */
const ownerQuery = (db: Database, userId: string) =>
  db
    .$with('owner')
    .as(
      db
        .select({ userId: users.userId, epoch: users.epoch })
        .from(users)
        .where(eq(users.userId, userId))
        .for('key share'),
    );

type OwnerQuery = ReturnType<typeof ownerQuery>;

/**
 * The same as parts of a statement (`db.with`) that begins with `owner` and does more. Logons with new devices at the same moment may leave some
 * too many, until the next logon.
 */
export function deviceNotes(db: Database, owner: OwnerQuery, device: SeenDevice) {
  return [
    db.$with('device_noted').as(upsertDevice(db, owner, device)),
    db.$with('devices_dropped').as(dropSurplus(db, device)),
  ];
}

function upsertDevice(db: Database, owner: OwnerQuery, device: SeenDevice) {
  const savedUntil = device.saveMfa ? sql`now() + make_interval(days => ${savedMfaDays}::int)` : sql`null::timestamptz`;
  const stillSaved = sql`case when ${knownDevices.userEpoch} = excluded.user_epoch
    and ${knownDevices.accountEpoch} = excluded.account_epoch then ${knownDevices.mfaSavedUntil} end`;
  // Every column, in the order of the table.
  const row = db
    .select({
      knownDeviceId: sql<string>`${newPrefixedId('dev')}::text`.as('known_device_id'),
      accountId: sql<string>`${device.accountId}::text`.as('account_id'),
      userId: sql<string>`${owner.userId}`.as('user_id'),
      tokenHash: sql<string>`${device.tokenHash}::text`.as('token_hash'),
      accountEpoch: sql<number>`${device.accountEpoch}::bigint`.as('account_epoch'),
      userEpoch: sql<number>`${owner.epoch}`.as('user_epoch'),
      userAgent: sql<string>`${device.userAgent?.slice(0, shownUserAgentLength) ?? null}::text`.as('user_agent'),
      sourceIp: sql<string>`${device.sourceIp}::text`.as('source_ip'),
      createdAt: sql<Date>`now()`.as('created_at'),
      lastSeenAt: sql<Date>`now()`.as('last_seen_at'),
      mfaSavedUntil: sql<Date>`${savedUntil}`.as('mfa_saved_until'),
    })
    .from(owner)
    .where(eq(owner.epoch, device.userEpoch));
  return db
    .insert(knownDevices)
    .select(row)
    .onConflictDoUpdate({
      target: [knownDevices.tokenHash, knownDevices.userId],
      set: {
        accountEpoch: sql`excluded.account_epoch`,
        userEpoch: sql`excluded.user_epoch`,
        userAgent: sql`excluded.user_agent`,
        sourceIp: sql`excluded.source_ip`,
        lastSeenAt: sql`excluded.last_seen_at`,
        mfaSavedUntil: sql`coalesce(excluded.mfa_saved_until, ${stillSaved})`,
      },
    })
    .returning({ knownDeviceId: knownDevices.knownDeviceId });
}

/** Of the user's other devices go those that hold no more, the one that this device was before, and what is beyond the limit. */
function dropSurplus(db: Database, { userId, accountEpoch, userEpoch, tokenHash, formerTokenHashes = [] }: SeenDevice) {
  const isOther = and(eq(knownDevices.userId, userId), ne(knownDevices.tokenHash, tokenHash));
  const surplus = db
    .select({ knownDeviceId: knownDevices.knownDeviceId })
    .from(knownDevices)
    .where(isOther)
    .orderBy(...lastSeenFirst)
    .offset(devicesPerUser - 1);
  return db
    .delete(knownDevices)
    .where(
      and(
        isOther,
        or(
          lt(knownDevices.userEpoch, userEpoch),
          lt(knownDevices.accountEpoch, accountEpoch),
          inArray(knownDevices.tokenHash, [...formerTokenHashes]),
          sql`${knownDevices.knownDeviceId} = any(array${surplus})`,
        ),
      ),
    )
    .returning({ knownDeviceId: knownDevices.knownDeviceId });
}
