import { type Column, ilike, or, type SQL } from 'drizzle-orm';

/** Whether one of the columns has the text somewhere in it, whatever its case. Undefined, which is no condition, without a text. */
export function anyContains(columns: readonly Column[], text: string | undefined): SQL | undefined {
  if (text === undefined) return undefined;
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return or(...columns.map((column) => ilike(column, pattern)));
}
