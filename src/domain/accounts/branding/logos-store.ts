import { eq } from 'drizzle-orm';
import type { Database } from '../../../storage/db/database.ts';
import { accountLogos } from '../../../storage/db/schema/account-settings.ts';

/** An account's logo, without the image. */
export interface Logo {
  readonly logoId: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface NewLogo extends Logo {
  /** PNG. */
  readonly image: Buffer;
}

const { logoId, width, height } = accountLogos;

export async function findLogo(db: Database, accountId: string): Promise<Logo | undefined> {
  const [row] = await db
    .select({ logoId, width, height })
    .from(accountLogos)
    .where(eq(accountLogos.accountId, accountId));
  return row;
}

/** The PNG that this address names, whosever it is: equal images have equal addresses. */
export async function findLogoImage(db: Database, id: string): Promise<Buffer | undefined> {
  const [row] = await db.select({ image: accountLogos.image }).from(accountLogos).where(eq(logoId, id)).limit(1);
  return row === undefined ? undefined : Buffer.from(row.image, 'base64');
}

/** In place of the one that was there. */
export async function saveLogo(tx: Database, accountId: string, { image, ...logo }: NewLogo): Promise<void> {
  const values = { ...logo, image: image.toString('base64') };
  await tx
    .insert(accountLogos)
    .values({ accountId, ...values })
    .onConflictDoUpdate({ target: accountLogos.accountId, set: values });
}

/** Answers false where there was none. */
export async function removeLogo(tx: Database, accountId: string): Promise<boolean> {
  const rows = await tx.delete(accountLogos).where(eq(accountLogos.accountId, accountId)).returning({ logoId });
  return rows.length > 0;
}
