import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const page = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

/** The table: a class in each row. */
const rows = page
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const linksIn = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);

describe('the page of classes', () => {
  it('numbers its classes in order, and says of each what is proven', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.map(([number]) => Number(number))).toEqual(rows.map((_row, at) => at + 1));
    for (const row of rows) expect([row.length, row.every((cell) => cell !== '')]).toEqual([4, true]);
    expect(new Set(rows.map(([, name]) => name)).size).toBe(rows.length);
  });

  it('names a test for each class, or says that there is nothing to test', () => {
    const without = rows.filter(([, , tests = '']) => linksIn(tests).length === 0);
    expect(without.map(([, , tests]) => tests)).toEqual(without.map(() => 'does not apply'));
  });

  it('names no file that is not there', () => {
    const links = linksIn(page);
    expect(links.length).toBeGreaterThan(40);
    expect(
      links.filter((target) => !target.endsWith('.test.ts') || !existsSync(join(import.meta.dirname, target))),
    ).toEqual([]);
  });

  it('leaves out no test of this folder', () => {
    const own = 'classes.test.ts';
    const present = globSync('*.test.ts', { cwd: import.meta.dirname }).filter((name) => name !== own);
    expect(present.filter((name) => !linksIn(page).includes(name))).toEqual([]);
  });
});
