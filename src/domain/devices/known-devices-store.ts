import { and, desc, eq, getTableColumns, inArray, lt, notInArray, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { knownDevices } from '../../storage/db/schema/known-devices.ts';
import { users } from '../../storage/db/schema/users.ts';

/** Days without a logon after which a device is forgotten; the browser forgets its cookie no later. */
export const knownDeviceDays = 180;

const {
  tokenHash: _bearer,
  userId: _user,
  accountId: _account,
  accountEpoch: _accountEpoch,
  userEpoch: _userEpoch,
  ...columns
} = getTableColumns(knownDevices);

/** Null also when it is past, by the database's clock. */
const mfaSavedUntil =
  sql<Date | null>`case when ${knownDevices.mfaSavedUntil} > now() then ${knownDevices.mfaSavedUntil} end`
    .mapWith(knownDevices.mfaSavedUntil)
    .as('mfa_saved_until_now');

/** A record holds only while the epochs of user and account are still those in it. */
const ofPresentEpoch = and(
  eq(users.userId, knownDevices.userId),
  eq(users.epoch, knownDevices.userEpoch),
  sql`${knownDevices.accountEpoch} = (select ${accounts.epoch} from ${accounts} where ${accounts.accountId} = ${users.accountId})`,
);

/** The records of this browser for the user they are looked up beside, as far as they hold: for a join with `users`. */
export const isDeviceOfUser = (tokenHashes: readonly string[]) =>
  and(ofPresentEpoch, inArray(knownDevices.tokenHash, [...tokenHashes]));

/** A browser has one record of a user; of more, put together by hand, the one last seen counts. */
export const lastSeenFirst = [desc(knownDevices.lastSeenAt), knownDevices.knownDeviceId] as const;

export async function findKnownDevice(
  db: Database,
  { userId, tokenHashes }: { readonly userId: string; readonly tokenHashes: readonly string[] },
): Promise<{ readonly knownDeviceId: string; readonly mfaSavedUntil: Date | null } | undefined> {
  const [row] = await db
    .select({ knownDeviceId: knownDevices.knownDeviceId, mfaSavedUntil })
    .from(users)
    .innerJoin(knownDevices, isDeviceOfUser(tokenHashes))
    .where(eq(users.userId, userId))
    .orderBy(...lastSeenFirst)
    .limit(1);
  return row;
}

/** A user who is known by one of the tokens that a browser brings. */
export interface DeviceOfBrowser {
  readonly userId: string;
  readonly tokenHash: string;
}

/** Who is known in a browser, and by which of its tokens; the one last seen first. */
export async function findDevicesOfBrowser(
  db: Database,
  tokenHashes: readonly string[],
): Promise<readonly DeviceOfBrowser[]> {
  if (tokenHashes.length === 0) return [];
  return await db
    .select({ userId: knownDevices.userId, tokenHash: knownDevices.tokenHash })
    .from(users)
    .innerJoin(knownDevices, isDeviceOfUser(tokenHashes))
    .orderBy(...lastSeenFirst);
}

/** Those that hold, the one last seen first. */
export async function listKnownDevices(db: Database, userId: string) {
  return await db
    .select({ ...columns, mfaSavedUntil })
    .from(knownDevices)
    .innerJoin(users, ofPresentEpoch)
    .where(eq(knownDevices.userId, userId))
    .orderBy(...lastSeenFirst);
}

export type KnownDeviceRow = Awaited<ReturnType<typeof listKnownDevices>>[number];

export async function deleteKnownDevice(db: Database, userId: string, knownDeviceId: string): Promise<boolean> {
  const rows = await db
    .delete(knownDevices)
    .where(and(eq(knownDevices.userId, userId), eq(knownDevices.knownDeviceId, knownDeviceId)))
    .returning({ knownDeviceId: knownDevices.knownDeviceId });
  return rows.length === 1;
}

/** Forgets all of a user's but those of the tokens given; answers how many there were. */
export async function deleteKnownDevices(
  db: Database,
  userId: string,
  exceptTokenHashes: readonly string[] = [],
): Promise<number> {
  const isKept =
    exceptTokenHashes.length === 0 ? undefined : notInArray(knownDevices.tokenHash, [...exceptTokenHashes]);
  const rows = await db
    .delete(knownDevices)
    .where(and(eq(knownDevices.userId, userId), isKept))
    .returning({ knownDeviceId: knownDevices.knownDeviceId });
  return rows.length;
}

/** Forgets devices not seen for long, at most `limit`; answers how many. Processes that do it at once pass over one another's rows. */
export async function deleteForgottenDevices(db: Database, limit: number): Promise<number> {
  const due = db
    .select({ knownDeviceId: knownDevices.knownDeviceId })
    .from(knownDevices)
    .where(lt(knownDevices.lastSeenAt, sql`now() - make_interval(days => ${knownDeviceDays}::int)`))
    .limit(limit)
    .for('update', { skipLocked: true });
  // As an array they are picked once; as a plain IN the planner may pick again, and so go beyond the limit.
  const rows = await db
    .delete(knownDevices)
    .where(sql`${knownDevices.knownDeviceId} = any(array${due})`)
    .returning({ knownDeviceId: knownDevices.knownDeviceId });
  return rows.length;
}
