import type { Language } from '../../src/web/views/languages.ts';
import { type Catalog, english } from '../../src/web/views/messages/catalog.ts';
import { rewriteMessage } from './message-parts.ts';

const accents: Readonly<Record<string, string>> = {
  ...{ a: 'åå', e: 'éé', i: 'ïï', o: 'öö', u: 'üü', y: 'ýý' },
  ...{ A: 'Å', E: 'É', I: 'Ï', O: 'Ö', U: 'Ü', c: 'ç', n: 'ñ', s: 'š', t: 'ţ' },
};

const arabicLetters = 'ابجدهوزحطيكلمنسعفصقرشتثخذضظغ';

const accented = (text: string): string => text.replace(/[a-z]/gi, (letter) => accents[letter] ?? letter);

const turned = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => arabicLetters[letter.toLowerCase().charCodeAt(0) - 97] ?? letter);

const rewritten = (write: (message: string) => string): Catalog =>
  Object.fromEntries(Object.entries(english).map(([key, message]) => [key, write(message)])) as Catalog;

/** Longer than English by two fifths, with accents, in brackets: shows what does not come from the catalog, and what does not fit. */
const pseudo = rewritten((message) => `[${rewriteMessage(message, accented)}]`);

/** In Arabic letters: what they say is nothing, how they run is right. */
const pseudoArabic = rewritten((message) => rewriteMessage(message, turned));

/** English, a language that is longer (as `de`), and one that runs from right to left (as `ar`), before anybody has translated anything. */
export function pseudoCatalogs(language: Language): Catalog {
  if (language === 'ar') return pseudoArabic;
  return language === 'en' ? english : pseudo;
}
