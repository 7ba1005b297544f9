import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { equalsInConstantTime } from '../../src/crypto/tokens.ts';

/**
 * A comparison that stops at the first difference tells how much of a guess was right (Kanidm 1.10, Rauthy 0.32.1). Secrets are compared in
 * constant time, or looked up by their hash; a static rule sees to it as far as names tell what is a secret. What holds one under another name, and
 * comparisons by other means than an operator, are for reviewers to see.
 */
const root = join(import.meta.dirname, '../../src');
const sources = globSync('**/*.ts', { cwd: root });

const path = String.raw`(?:[\w$]+(?:\?\.|!?\.))*`;
/** A value that opens something, by its name, or what a function of such a name answers. */
const secret = String.raw`(?<![\w$])${path}(?:\w*|[\w$]+\[['"]\w*)(?:token|secret|code|password|hash|signature|mac|challenge|csrf)(?:Hash)?(?:['"]\])?!?(?![\w$])`;
const operator = String.raw`\s*[!=]==?(?!=)\s*`;
/** What stands in the source is no secret. */
const literal = String.raw`(?:(?:undefined|null|true|false|-?\d+n?)(?![\w$])|['"\`])`;
const comparisons = [
  new RegExp(String.raw`${secret}(?:\([^()]*\))?${operator}(?!\s|${literal})`, 'gi'),
  new RegExp(String.raw`(?<!(?<![\w$])(?:undefined|null|true|false|-?\d+n?)|['"\`\s!=])${operator}${secret}`, 'gi'),
];

/** Lines that say something to the reader alone. */
const isComment = (line: string): boolean => /^\s*(?:\*|\/\/|\/\*)/.test(line);

/** The lines on which something that is named as a secret is compared with what is not written there. */
function breaches(text: string): string[] {
  const lines = text.split('\n').map((line) => (isComment(line) ? '' : line));
  const code = lines.join('\n');
  const places = comparisons.flatMap((comparison) => [...code.matchAll(comparison)].map(({ index }) => index));
  const numbers = new Set(places.map((place) => code.slice(0, place).split('\n').length - 1));
  return [...numbers].sort((one, other) => one - other).map((number) => lines[number]?.trim() ?? '');
}

it.each([
  'if (clientSecret === given) return',
  'return hash !== row.secretHash;',
  'rawSecret == typed',
  'a.mac === b.mac',
  'if (form.csrf !== state.csrf) return',
  "form.get('csrf') === session.csrfToken",
  'given === row?.code',
  'password !== user.password',
  'presented.challenge === challenge',
  'hashToken(given) === stored',
  "form['password'] === typed",
  'typed === form["password"]',
  'signature ===\n    expected',
  'secret === undefined || secret === typed',
  'accessToken! === typed',
])('the rule sees %j', (text) => expect(breaches(text)).toEqual([text.split('\n')[0]]));

it.each([
  'if (secret === undefined) return',
  "clientSecret === ''",
  'undefined === secret',
  "'none' !== passwordHash",
  'count === 3 && token',
  'eq(table.tokenHash, hash)',
  'equalsInConstantTime(secretHash, b)',
  'passwordPolicy === other',
  'password.length === other.length',
  'tokens === others',
  '// secret === typed',
  '(code) => code',
  'const isSecret = secret',
])('the rule lets %j pass', (text) => expect(breaches(text)).toEqual([]));

/** Of the line that compares so all the same, what tells it from others of its file, and why its time tells nothing. */
const exceptions = [
  ['cli/import/journal.ts', 'known.contentHash === now.contentHash', 'two files of whoever runs the command'],
  ['crypto/imported-hashes.ts', "toString('base64') === hash", 'a text that is read is compared with itself'],
  ['domain/input-faults.ts', 'code === tooWeak', 'the code of a fault'],
  [
    'domain/login-profiles/change-own-password.ts',
    'preparedPassword(oldPassword) === preparedPassword(newPassword)',
    'both came from the caller in one request',
  ],
  [
    'storage/hash-file.ts',
    'hashOfLine(line) === hash',
    'a hash of what the caller chose, in a list that everybody can have',
  ],
  ['web/logon/steps/reset.ts', 'newPassword !== (form.get(', 'both came from the browser in one form'],
  ['web/portal/password.ts', 'newPassword !== (form.get(', 'both came from the browser in one form'],
] as const;

it('no source compares by an operator what is named as a secret, but for what is excepted', () => {
  expect(sources.length).toBeGreaterThan(200);
  const found = sources.flatMap((file) =>
    breaches(readFileSync(join(root, file), 'utf8')).map((line) => ({ file, line })),
  );
  const exceptedAs = ({ file, line }: (typeof found)[number]) =>
    exceptions.find(([where, what]) => where === file && line.includes(what));
  expect(found.filter((one) => exceptedAs(one) === undefined)).toEqual([]);
  // None of them is there for nothing, nor for more than one line.
  expect(new Set(found.map(exceptedAs))).toEqual(new Set(exceptions));
  expect(found).toHaveLength(exceptions.length);
});

it.each([
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'abcd', false],
  ['', '', true],
  ['', 'a', false],
])('%j and %j: %s', (left, right, same) => expect(equalsInConstantTime(left, right)).toBe(same));
