import type { Page } from '../../src/web/views/pages.ts';

/** Breaks out of text, of either kind of attribute, of a script, a style, a comment, and of an address. */
export const polyglot =
  'javascript:/*--></title></style></textarea></script><img src=x onerror=__run()><svg onload=__run()>' +
  '"\'`><a href=javascript:__run() autofocus onfocus=__run() x="\'//${__run()}<%= __run() %>';

type Path = readonly (string | number)[];

/** Where a page model holds text, `name` (which picks the template) and the ids made by our own code left out. */
export function textPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return isOurs(path) ? [] : [path];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const oursByKey = new Set(['reason', 'apiAccess', 'kind']);

function isOurs(path: Path): boolean {
  return (path.length === 1 && path[0] === 'name') || oursByKey.has(String(path.at(-1)));
}

/** The page with the text at each of these paths replaced. */
export function withText(page: Page, paths: readonly Path[], text: string): Page {
  const copy = structuredClone(page) as unknown as Record<string | number, unknown>;
  for (const path of paths) {
    let holder = copy;
    for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
    holder[path.at(-1) ?? ''] = text;
  }
  return copy as unknown as Page;
}
