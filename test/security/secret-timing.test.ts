import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { equalsInConstantTime } from '../../src/crypto/tokens.ts';

/**
 * A comparison that stops at the first difference tells how much of a guess was right (Kanidm 1.10, Rauthy 0.32.1). Secrets are compared in
 * constant time, or looked up by their hash; a static rule sees to it.
 */
const root = join(import.meta.dirname, '../../src');
const sources = globSync('**/*.ts', { cwd: root });

/** Names of values that open something. */
const secret = String.raw`(?:\w*(?:[sS]ecret|[tT]okenHash|[cC]odeHash|[sS]ecretHash|[pP]asswordHash|[sS]ignature|[mM]ac|csrf)(?!\w))`;
const absence = String.raw`\s*(?:undefined|null|''|""|0\b)`;
const plainComparison = new RegExp(
  String.raw`(?:${secret}\s*[!=]==?(?!=)(?!${absence}))|(?:(?<!undefined|null|''|"")\s[!=]==?\s*(?:\w+\.)*${secret}(?!\w|\())`,
);

const breaches = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !line.trim().startsWith('*') && !line.trim().startsWith('//') && plainComparison.test(line));

it.each([
  'if (clientSecret === given) return',
  'return hash !== row.secretHash;',
  'rawSecret == typed',
  'a.mac === b.mac',
])('the rule sees %s', (line) => expect(breaches(line)).toEqual([line]));

it.each([
  'if (secret === undefined) return',
  "clientSecret === ''",
  'eq(table.tokenHash, hash)',
  'equalsInConstantTime(secretHash, b)',
])('the rule lets %s pass', (line) => expect(breaches(line)).toEqual([]));

it('no source compares a secret so that its time tells of it', () => {
  expect(sources.length).toBeGreaterThan(200);
  const found = sources.flatMap((file) =>
    breaches(readFileSync(join(root, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

it.each([
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'abcd', false],
  ['', '', true],
  ['', 'a', false],
])('%j and %j: %s', (left, right, same) => expect(equalsInConstantTime(left, right)).toBe(same));
