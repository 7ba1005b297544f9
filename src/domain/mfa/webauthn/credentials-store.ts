import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../storage/db/database.ts';
import { mfaDevices } from '../../../storage/db/schema/mfa-devices.ts';
import type { MfaDeviceRow } from '../mfa-store.ts';

export async function findCredential(db: Database, credentialId: string): Promise<MfaDeviceRow | undefined> {
  const [row] = await db.select().from(mfaDevices).where(eq(mfaDevices.credentialId, credentialId));
  return row;
}

/** False where the credential is known already, whosever it is: the index decides, and the transaction can go on. */
export async function insertCredential(tx: Database, row: typeof mfaDevices.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(mfaDevices)
    .values(row)
    .onConflictDoNothing({ target: mfaDevices.credentialId })
    .returning({ mfaDeviceId: mfaDevices.mfaDeviceId });
  return rows.length === 1;
}

interface CredentialUse {
  readonly mfaDeviceId: string;
  readonly from: number;
  readonly to: number;
  readonly backedUp: boolean;
}

/** Notes a use, if the counter still stands at `from`: of racing uses that were verified against the same counter one goes through, where it counts. */
export async function noteCredentialUse(
  db: Database,
  { mfaDeviceId, from, to, backedUp }: CredentialUse,
): Promise<boolean> {
  const rows = await db
    .update(mfaDevices)
    .set({ signCount: to, backedUp, lastUsedAt: sql`now()` })
    .where(and(eq(mfaDevices.mfaDeviceId, mfaDeviceId), eq(mfaDevices.signCount, from)))
    .returning({ mfaDeviceId: mfaDevices.mfaDeviceId });
  return rows.length === 1;
}
