import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const namesIn = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

test('the README lists every setting that is read, and no other', () => {
  const read = namesIn(readFileSync(join(root, 'src/config/read-config.ts'), 'utf8'), /'([A-Z]+(?:_[A-Z]+)*)'/g);
  const listed = namesIn(readFileSync(join(root, 'README.md'), 'utf8'), /^\| `([A-Z_]+)` \|/gm);
  expect(listed).toEqual(read.filter((name) => !name.startsWith('POSTERN_')));
});
