import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const views = join(import.meta.dirname, '../../views');
const templates = globSync('**/*.eta', { cwd: views });

/** A partial is markup of ours; what it prints it escapes itself. Its name is a literal, its data holds no further call. */
const inclusion = /<%~\s*include\(\s*'[\w./-]+'\s*(,\s*(\w+(\.\w+)*|\{[^(){}]*\})\s*)?\)\s*[-_]?%>/g;

interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  /** Written so that the ban must see it. */
  readonly breach: string;
  /** Looks alike and is in order. */
  readonly inOrder: string;
}

const bans: readonly Ban[] = [
  { name: 'no inline event handler', pattern: /\son\w+\s*=/i, breach: '<a onclick="x()">', inOrder: '<a data-on="x">' },
  {
    name: 'no inline style',
    pattern: /<style\b|\sstyle\s*=/i,
    breach: '<p style="color: red">',
    inOrder: '<link rel="stylesheet" href="/a">',
  },
  {
    name: 'no script address',
    pattern: /javascript:/i,
    breach: '<a href="javascript:x()">',
    inOrder: '<script src="/a">',
  },
  {
    name: 'no third party',
    pattern: /\s(src|action|srcset|poster)\s*=\s*["']?(https?:)?\/\//i,
    breach: '<img src="//cdn.example/a.png">',
    inOrder: '<img src="/-/assets/a.png">',
  },
  {
    name: 'no inline script',
    pattern: /<script\b(?![^>]*\ssrc\s*=)[^>]*>/i,
    breach: '<script>start()</script>',
    inOrder: '<script src="/-/assets/a.js" defer></script>',
  },
];

/** Raw output is markup made by the server; only layouts, which frame whole pages, may print it. */
function printsRaw(template: string): boolean {
  return template.replaceAll(inclusion, '').includes('<%~');
}

const read = (file: string): string => readFileSync(join(views, file), 'utf8');

describe('raw output', () => {
  it.each([
    '<%~ it.displayName %>',
    "<%~ include('partials/field') + it.displayName %>",
    "<%~ include('partials/field', raw(it.displayName)) %>",
    '<%~ include(it.partial) %>',
    "<%~include('partials/field')%><%~it.displayName%>",
  ])('is seen in %s', (template) => {
    expect(printsRaw(template)).toBe(true);
  });

  it.each([
    '<%= it.displayName %>',
    "<%~ include('partials/field') %>",
    "<%~ include('/partials/field', it.page.field) %>",
    "<%~ include('./field', { name: 'code', label: it.label }) %>",
  ])('is not seen in %s', (template) => {
    expect(printsRaw(template)).toBe(false);
  });

  it('stands in layouts alone', () => {
    const pages = templates.filter((file) => !/^layouts[\\/]/.test(file));
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((file) => printsRaw(read(file)))).toEqual([]);
  });
});

describe.each(bans)('templates: $name', ({ pattern, breach, inOrder }) => {
  it('is seen where it is broken, and only there', () => {
    expect([pattern.test(breach), pattern.test(inOrder)]).toEqual([true, false]);
  });

  it('holds in every template', () => {
    expect(templates.length).toBeGreaterThan(0);
    expect(templates.filter((file) => pattern.test(read(file)))).toEqual([]);
  });
});
