import { z } from 'zod';
import type { Terminal } from '../terminal.ts';
import { fetchAs } from './api-verb.ts';
import type { ApiRequest, ManagementApi } from './management-api.ts';

/** The server's limit of a page. */
const pageLimit = 1000;

interface ListQuery {
  readonly path: ApiRequest['path'];
  readonly query: Readonly<Record<string, string | undefined>>;
  /** How many items at most; beyond one page further pages are fetched. */
  readonly limit: number;
  /** Whether the list can be searched, which is the other way to what one looks for. */
  readonly searchable: boolean;
}

/** Reads a list page by page up to `limit` items. Says on the side when there are more. */
export async function listUpTo<T>(
  terminal: Terminal,
  api: ManagementApi,
  item: z.ZodType<T>,
  { path, query, limit, searchable }: ListQuery,
): Promise<{ items: T[] }> {
  const page = z.object({ items: z.array(item), nextCursor: z.string().optional() });
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const rest = Math.min(limit - items.length, pageLimit);
    const found = await fetchAs(api, page, { method: 'GET', path, query: { ...query, limit: rest, cursor } });
    items.push(...found.items);
    cursor = found.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  if (cursor !== undefined)
    terminal.err(`There are more than ${limit}; ask for them with --limit${searchable ? ', or search with --q' : ''}.`);
  return { items };
}
