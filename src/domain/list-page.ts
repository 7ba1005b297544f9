import { z } from 'zod';
import type { KeyRing } from '../crypto/key-ring.ts';
import { type CursorPlace, openCursor, sealCursor } from './list-cursor.ts';
import { lineOfText } from './users/user-fields.ts';

/** What every list that is answered in pages can be asked. RAM: 1 to 1000 a page, 100 unless told. */
export const pageFields = {
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
};

/** Text to look for. */
export const searchField = lineOfText(128).optional();

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}

interface PageQuery<Row> {
  readonly place: CursorPlace;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** At most so many rows in the order of their keys, those behind `afterKey` only. */
  readonly read: (afterKey: string | undefined, limit: number) => Promise<readonly Row[]>;
  readonly keyOf: (row: Row) => string;
}

/** One page of a list, with a sealed cursor while there is more. Throws `InvalidParameter` for a cursor that is not of this list. */
export async function readPage<Row>(keyRing: KeyRing, query: PageQuery<Row>): Promise<Page<Row>> {
  const { place, limit, cursor, read, keyOf } = query;
  const afterKey = cursor === undefined ? undefined : openCursor(keyRing, cursor, place);
  // One more than asked for tells whether there is a next page.
  const rows = await read(afterKey, limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined
    ? { items, nextCursor: sealCursor(keyRing, keyOf(last), place) }
    : { items };
}
