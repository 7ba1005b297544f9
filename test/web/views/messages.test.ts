import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Language, languages } from '../../../src/web/views/languages.ts';
import { english, type MessageKey, messageFiles } from '../../../src/web/views/messages/catalog.ts';
import { loadCatalog } from '../../../src/web/views/messages/catalogs.ts';
import { countingCategories, messageFaults } from '../../support/message-faults.ts';
import { pseudoCatalogs } from '../../support/pseudo-catalogs.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'src/web/views/messages');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const keys = Object.keys(english);

const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('the languages of the pages', () => {
  it('all have words', () => {
    expect(folders.toSorted()).toEqual(Object.keys(languages).toSorted());
  });

  it.each(folders)('%s has its messages in the same files as English', (language) => {
    const files = readdirSync(join(folder, language));
    expect(files.toSorted()).toEqual(messageFiles.map((name) => `${name}.ts`).toSorted());
  });

  it.each(folders as Language[])(
    '%s has every message, with the values and tags of English, and counts as it should',
    (language) => {
      expect(messageFaults(language, loadCatalog(language), english)).toEqual([]);
    },
  );

  it('have words of their own: what most messages say is not what English says', () => {
    for (const language of folders.filter((folder) => folder !== 'en') as Language[]) {
      const catalog = loadCatalog(language);
      const same = keys.filter((key) => catalog[key as MessageKey] === english[key as MessageKey]);
      expect([language, same.length < keys.length / 10]).toEqual([language, true]);
    }
  });
});

describe('what is wrong with a translation', () => {
  const faultsIn = (language: Language, message: string, original: string): string[] =>
    messageFaults(language, { key: message }, { key: original });
  const counting = '{n, plural, one {# file} other {# files}} of <b>{app}</b>';

  it.each([
    ['de', '{n, plural, one {# Datei} other {# Dateien}} von <b>{app}</b>'],
    ['ja', '<b>{app}</b>のファイル{n}件'],
    ['ru', '{n, plural, one {# файл} few {# файла} many {# файлов} other {# файла}} <b>{app}</b>'],
    ['fr', '{n, plural, one {# fichier} other {# fichiers}} de <b>{app}</b>'],
    ['fr', '{n, plural, one {# fichier} many {# de fichiers} other {# fichiers}} de <b>{app}</b>'],
    ['de', '{n, plural, =0 {keine Datei} one {# Datei} other {# Dateien}} von <b>{app}</b>'],
  ] as const)('is nothing in %s: %s', (language, message) => {
    expect(faultsIn(language, message, counting)).toEqual([]);
  });

  it.each([
    ['a value is lost', 'de', '{n, plural, one {# Datei} other {# Dateien}} von <b>App</b>', '{app}'],
    ['a tag is lost', 'de', '{n, plural, one {# Datei} other {# Dateien}} von {app}', '<b>'],
    ['a tag is added', 'de', '{n, plural, one {# Datei} other {# Dateien}} von <b><i>{app}</i></b>', '<i>'],
    ['a value is misspelt', 'de', '{n, plural, one {# Datei} other {# Dateien}} von <b>{App}</b>', '{App}'],
    ['a category is missing', 'ru', '{n, plural, one {# файл} other {# файла}} <b>{app}</b>', '"few"'],
    ['a category is not of the language', 'ja', '{n, plural, one {# 件} other {# 件}} <b>{app}</b>', '"one"'],
    ['it cannot be parsed', 'de', '{n, plural, one {# Datei} von <b>{app}</b>', 'parsed'],
    ['it has a straight apostrophe', 'fr', "{n, plural, one {# de l'app} other {#}} <b>{app}</b>", 'apostrophe'],
    ['it begins with a blank', 'de', ' {n, plural, one {#} other {#}} <b>{app}</b>', 'blanks'],
    ['it is empty', 'de', '', 'empty'],
  ] as const)('is told where %s', (_what, language, message, told) => {
    expect(faultsIn(language, message, counting).join('\n')).toContain(told);
  });

  it('is told where a value is named as a tag, which would stand in its place', () => {
    expect(faultsIn('en', '<code>{code}</code>', '<code>{code}</code>')).toHaveLength(1);
  });

  it('is told where a choice has other cases, or stands beside a tag', () => {
    const choice = '{kind, select, app {An app} other {A key}}';
    expect(faultsIn('de', '{kind, select, App {Eine App} other {Ein Schlüssel}}', choice)).toHaveLength(1);
    expect(faultsIn('en', `<b>x</b> ${choice}`, `<b>x</b> ${choice}`)).toHaveLength(1);
    expect(faultsIn('de', '{kind, select, app {Eine App} other {Ein Schlüssel}}', choice)).toEqual([]);
  });

  it('is nothing where the noun stays as it is, as in English', () => {
    const left = '{left, plural, =0 {None left} other {# of {total} left}}';
    expect(faultsIn('en', left, left)).toEqual([]);
    expect(faultsIn('ru', '{left, plural, =0 {Ничего} other {Осталось # из {total}}}', left)).toEqual([]);
  });

  it('is told of keys that are missing or foreign', () => {
    expect(messageFaults('de', { b: 'B' }, { a: 'A' })).toEqual(
      expect.arrayContaining(['a: is missing', 'b: is none of English']),
    );
  });

  it('knows how languages count', () => {
    expect(countingCategories('en')).toEqual(['other', 'one']);
    expect(countingCategories('ja')).toEqual(['other']);
    expect(countingCategories('ar').toSorted()).toEqual(['few', 'many', 'one', 'other', 'two', 'zero']);
    expect(countingCategories('fr')).not.toContain('many');
  });
});

describe('the keys of messages', () => {
  const templates = globSync('views/**/*.eta', { cwd: root }).map((file) => [file, read(file)] as const);
  const sources = globSync('src/**/*.ts', { cwd: root, exclude: ['src/web/views/messages/**'] }).map(read);
  const texts = [...templates.map(([, text]) => text), ...sources];

  /** Texts in quotes that look like keys, asset names left out. */
  const keysIn = (text: string): string[] =>
    [...text.matchAll(/'([a-z-]+(?:\.[a-z0-9_:-]+)+)'/gi)]
      .map(([, key = '']) => key)
      .filter((key) => !/\.(?:js|css|svg)$/.test(key));

  /** Beginnings to which code adds the end: `'passwords.rule.' + kind`, `passwords.flaw.${kind}`. */
  const beginnings = texts.flatMap((text) =>
    [...text.matchAll(/'([a-z-]+(?:\.[a-z-]+)*\.)' \+|`([a-z-]+(?:\.[a-z-]+)*\.)\$\{/g)].map(
      ([, one, two]) => one ?? two ?? '',
    ),
  );

  it.each(templates)('that %s names are there', (_file, text) => {
    expect(keysIn(text).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('are all named somewhere', () => {
    const named = new Set(texts.flatMap(keysIn));
    const unused = keys.filter((key) => !named.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(beginnings).toContain('passwords.rule.');
    expect(unused).toEqual([]);
  });

  it('stand in one file each', () => {
    const perFile = messageFiles.map((name) => [
      ...read(`src/web/views/messages/en/${name}.ts`).matchAll(/^ {2}'?([^':]+)'?:/gm),
    ]);
    const all = perFile.flat().map(([, key]) => key);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('the catalogs for tests', () => {
  it('are whole, and longer than English by two fifths', () => {
    const lengthOf = (messages: Readonly<Record<string, string>>) => Object.values(messages).join('').length;
    expect(messageFaults('en', pseudoCatalogs('de'), english)).toEqual([]);
    expect(lengthOf(pseudoCatalogs('de')) / lengthOf(english)).toBeGreaterThan(1.3);
    expect(pseudoCatalogs('de')['totp.hint']).toMatch(/^\[.*\]$/);
  });

  it('run from right to left where they are to', () => {
    expect(messageFaults('en', pseudoCatalogs('ar'), english)).toEqual([]);
    expect(pseudoCatalogs('ar')['password.heading']).toMatch(/^[\u0600-\u06ff ]+$/);
  });
});
