import { and, asc, count, eq, isNull, lt, min, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { mfaDevices, recoveryCodes } from '../../storage/db/schema/mfa-devices.ts';

export type MfaDeviceRow = typeof mfaDevices.$inferSelect;

export async function insertMfaDevice(db: Database, device: typeof mfaDevices.$inferInsert): Promise<void> {
  await db.insert(mfaDevices).values(device);
}

export async function listMfaDevices(db: Database, userId: string): Promise<MfaDeviceRow[]> {
  return await db.select().from(mfaDevices).where(eq(mfaDevices.userId, userId)).orderBy(asc(mfaDevices.createdAt));
}

export async function renameMfaDevice(
  db: Database,
  { userId, mfaDeviceId, name }: { readonly userId: string; readonly mfaDeviceId: string; readonly name: string },
): Promise<MfaDeviceRow | undefined> {
  const [row] = await db
    .update(mfaDevices)
    .set({ name })
    .where(and(eq(mfaDevices.userId, userId), eq(mfaDevices.mfaDeviceId, mfaDeviceId)))
    .returning();
  return row;
}

/** Claims a time step for a device. True for exactly one of racing callers, and never for a step already passed. */
export async function claimTotpStep(db: Database, mfaDeviceId: string, step: number): Promise<boolean> {
  const rows = await db
    .update(mfaDevices)
    .set({ lastUsedStep: step, lastUsedAt: sql`now()` })
    .where(and(eq(mfaDevices.mfaDeviceId, mfaDeviceId), lt(mfaDevices.lastUsedStep, step)))
    .returning({ mfaDeviceId: mfaDevices.mfaDeviceId });
  return rows.length === 1;
}

export async function replaceRecoveryCodes(
  db: Database,
  userId: string,
  rows: (typeof recoveryCodes.$inferInsert)[],
): Promise<void> {
  await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await db.insert(recoveryCodes).values(rows);
}

export interface RecoveryCodeCount {
  readonly total: number;
  readonly unused: number;
  /** Null where there are none. */
  readonly createdAt: Date | null;
}

export async function countRecoveryCodes(db: Database, userId: string): Promise<RecoveryCodeCount> {
  const [row] = await db
    .select({
      total: count(),
      unused: sql<number>`count(*) filter (where ${isNull(recoveryCodes.usedAt)})`.mapWith(Number),
      createdAt: min(recoveryCodes.createdAt),
    })
    .from(recoveryCodes)
    .where(eq(recoveryCodes.userId, userId));
  return row ?? { total: 0, unused: 0, createdAt: null };
}

/** Uses up a recovery code. True for exactly one of racing callers. */
export async function claimRecoveryCode(db: Database, userId: string, codeHash: string): Promise<boolean> {
  const rows = await db
    .update(recoveryCodes)
    .set({ usedAt: sql`now()` })
    .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, codeHash), isNull(recoveryCodes.usedAt)))
    .returning({ recoveryCodeId: recoveryCodes.recoveryCodeId });
  return rows.length === 1;
}

export async function countMfaDevices(db: Database, userId: string): Promise<number> {
  return await db.$count(mfaDevices, eq(mfaDevices.userId, userId));
}

/** Removes one device; with the last one go the recovery codes, which stand in for a device. Lock the user first. */
export async function deleteMfaDevice(db: Database, userId: string, mfaDeviceId: string): Promise<boolean> {
  const rows = await db
    .delete(mfaDevices)
    .where(and(eq(mfaDevices.userId, userId), eq(mfaDevices.mfaDeviceId, mfaDeviceId)))
    .returning({ mfaDeviceId: mfaDevices.mfaDeviceId });
  if (rows.length > 0 && (await countMfaDevices(db, userId)) === 0)
    await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return rows.length === 1;
}

/** Removes all devices and recovery codes; answers how many devices there were. */
export async function deleteMfa(db: Database, userId: string): Promise<number> {
  const rows = await db
    .delete(mfaDevices)
    .where(eq(mfaDevices.userId, userId))
    .returning({ mfaDeviceId: mfaDevices.mfaDeviceId });
  await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return rows.length;
}
