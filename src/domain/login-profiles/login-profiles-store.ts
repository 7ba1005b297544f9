import { and, eq, gt, isNull, notExists, or, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { isPasswordExpired } from './password-age.ts';

export type LoginProfileRow = typeof loginProfiles.$inferSelect;

/** How long a password that somebody else set may wait for its first use (product: 7 days), by the database's clock. */
const initialPasswordDays = 7;

export const initialPasswordExpiry = () => sql<Date>`now() + make_interval(days => ${initialPasswordDays}::int)`;

/** A profile to write. `expires`: the password dies unused, since somebody else set it for a first logon. */
export interface NewLoginProfile {
  readonly userId: string;
  readonly accountId: string;
  readonly passwordHash: string;
  readonly status: 'active' | 'inactive';
  readonly resetRequired: boolean;
  readonly mfaRequired: boolean;
  readonly expires: boolean;
}

/** What changes in a profile. With a `passwordHash` goes whether that password `expires`. */
export interface LoginProfileChanges {
  readonly status: 'active' | 'inactive';
  readonly resetRequired: boolean;
  readonly mfaRequired: boolean;
  readonly password?: { readonly passwordHash: string; readonly expires: boolean } | undefined;
}

export async function findLoginProfile(db: Database, userId: string): Promise<LoginProfileRow | undefined> {
  const [row] = await db.select().from(loginProfiles).where(eq(loginProfiles.userId, userId));
  return row;
}

export async function insertLoginProfiles(
  db: Database,
  profiles: readonly NewLoginProfile[],
): Promise<LoginProfileRow[]> {
  if (profiles.length === 0) return [];
  const rows = profiles.map(({ expires, ...profile }) => ({
    ...profile,
    initialPasswordExpiresAt: expires ? initialPasswordExpiry() : null,
  }));
  return await db.insert(loginProfiles).values(rows).returning();
}

export async function updateLoginProfile(
  db: Database,
  userId: string,
  changes: LoginProfileChanges,
): Promise<LoginProfileRow | undefined> {
  const { password, ...flags } = changes;
  const [row] = await db
    .update(loginProfiles)
    .set({
      ...flags,
      // A password that need not be reset any more is a lasting one.
      ...(changes.resetRequired ? {} : { initialPasswordExpiresAt: null }),
      ...(password === undefined
        ? {}
        : {
            passwordHash: password.passwordHash,
            passwordSetAt: sql`now()`,
            initialPasswordExpiresAt: password.expires ? initialPasswordExpiry() : null,
          }),
    })
    .where(eq(loginProfiles.userId, userId))
    .returning();
  return row;
}

/** The hash that a password was found to match, and the one to come in its place. */
interface ReplacedHash {
  readonly verified: string;
  readonly next: string;
}

/** The password still opens something: it has neither died unused nor expired for good, and its owner may log on. */
const passwordIsAlive = (db: Database) =>
  and(
    eq(loginProfiles.status, 'active'),
    or(isNull(loginProfiles.initialPasswordExpiresAt), gt(loginProfiles.initialPasswordExpiresAt, sql`now()`)),
    notExists(
      db
        .select({ one: sql`1` })
        .from(accountSettings)
        .where(and(eq(accountSettings.accountId, loginProfiles.accountId), isPasswordExpired)),
    ),
  );

/** Of a password that still opens something; only such a one proves who somebody is. */
export async function findLivePasswordHash(db: Database, userId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ passwordHash: loginProfiles.passwordHash })
    .from(loginProfiles)
    .where(and(eq(loginProfiles.userId, userId), passwordIsAlive(db)));
  return row?.passwordHash;
}

/** Replaces a password by one its owner chose, only if it still is the one that was verified, and alive. Of racing callers one gets `true`. */
export async function replaceOwnPassword(db: Database, userId: string, hashes: ReplacedHash): Promise<boolean> {
  const rows = await db
    .update(loginProfiles)
    .set({ passwordHash: hashes.next, passwordSetAt: sql`now()`, resetRequired: false, initialPasswordExpiresAt: null })
    .where(and(eq(loginProfiles.userId, userId), eq(loginProfiles.passwordHash, hashes.verified), passwordIsAlive(db)))
    .returning({ userId: loginProfiles.userId });
  return rows.length === 1;
}

/** Stores the same password under another hash, unless the password has changed. Nothing that anybody sees of the profile changes. */
export async function renewHash(db: Database, userId: string, { verified, next }: ReplacedHash): Promise<void> {
  await db
    .update(loginProfiles)
    .set({ passwordHash: next, updatedAt: sql`${loginProfiles.updatedAt}` })
    .where(and(eq(loginProfiles.userId, userId), eq(loginProfiles.passwordHash, verified)));
}

export async function deleteLoginProfile(db: Database, userId: string): Promise<boolean> {
  const rows = await db
    .delete(loginProfiles)
    .where(eq(loginProfiles.userId, userId))
    .returning({ userId: loginProfiles.userId });
  return rows.length === 1;
}
