import { sql } from 'drizzle-orm';
import { bigint, customType, text, timestamp } from 'drizzle-orm/pg-core';

/** A point in time, as a JS Date; the database's clock writes it wherever an expiry hangs on it. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

export const createdAt = () => instant('created_at').notNull().defaultNow();
export const updatedAt = () =>
  instant('updated_at')
    .notNull()
    .defaultNow()
    .$onUpdateFn(() => sql`now()` as unknown as Date);

/**
 * Counts the changes of a row: every update through drizzle adds one by itself. Whoever keeps a copy of the row in memory
 * compares it before each use (domain/live-state), so no change can be overlooked.
 */
export const revision = () =>
  bigint('revision', { mode: 'number' })
    .notNull()
    .default(1)
    .$onUpdateFn(() => sql`revision + 1` as unknown as number);

/**
 * Carried by every artefact (session, code, token) of the row's owner; raising it kills them all at once. Raise it in the
 * transaction of whatever must end them: disable, delete, reset, password change, MFA reset.
 */
export const epoch = () => bigint('epoch', { mode: 'number' }).notNull().default(1);

/** Text in the order of its bytes, whatever the database's language: so an index finds beginnings too. */
export const byteOrderedText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

export const accountId = () => text('account_id').notNull();
