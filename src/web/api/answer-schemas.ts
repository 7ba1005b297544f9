import { z } from 'zod';

/** A time: RFC 3339 in UTC on the wire, a `Date` in what presenters answer. */
export const instant = z.date();

/** A list that is short and answered whole. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });

/** One page of a list; while there is a `nextCursor` there is more. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });
