import { english } from '../../src/web/views/messages/catalog.ts';
import type { Page } from '../../src/web/views/pages.ts';

/** Breaks out of text, of either kind of attribute, of a script, a style, a comment, and of an address. */
export const polyglot =
  'javascript:/*--></title></style></textarea></script><img src=x onerror=__run()><svg onload=__run()>' +
  '"\'`><a href=javascript:__run() autofocus onfocus=__run() x="\'//${__run()}<%= __run() %>';

type Path = readonly (string | number)[];

/**
 * Where a page model holds text of others. `name` (which picks the template), the ids made by our own code and the keys of messages are ours:
 * a key that is none makes the page fail, so no text can stand in its place. What fills a message's placeholders is not.
 */
export function textPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return isOurs(path) || isMessageKey(value) ? [] : [path];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const oursByKey = new Set(['reason', 'apiAccess', 'kind', 'method', 'step', 'field']);

function isOurs(path: Path): boolean {
  return (path.length === 1 && path[0] === 'name') || oursByKey.has(String(path.at(-1)));
}

const isMessageKey = (text: string): boolean => Object.hasOwn(english, text);

/** Options for the browser's own functions are of our making; what they hold need not be. */
const isJsonObject = (value: unknown): value is string => typeof value === 'string' && /^\{.*\}$/s.test(value);

/** The page with the text at each of these paths replaced. */
export function withText(page: Page, paths: readonly Path[], text: string): Page {
  const copy = structuredClone(page) as unknown as Record<string | number, unknown>;
  for (const path of paths) {
    let holder = copy;
    for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
    const last = path.at(-1) ?? '';
    holder[last] = isJsonObject(holder[last]) ? JSON.stringify({ ...JSON.parse(holder[last]), hostile: text }) : text;
  }
  return copy as unknown as Page;
}
