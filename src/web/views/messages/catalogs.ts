import { createRequire } from 'node:module';
import type { Language } from '../languages.ts';
import { type Catalog, english, messageFiles } from './catalog.ts';

const load = createRequire(import.meta.url);

/**
 * The words of a language. They are read when they are first wanted, which takes some 5 ms: all languages together would delay every start by 40.
 * `Messages` sees to it that the files of each are whole, and a test that there are files for each.
 */
export function loadCatalog(language: Language): Catalog {
  if (language === 'en') return english;
  const files = messageFiles.map((name) => load(`./${language}/${name}.ts`) as Readonly<Record<string, Catalog>>);
  return Object.assign({}, ...files.map((file, at) => file[messageFiles[at] ?? ''])) as Catalog;
}
