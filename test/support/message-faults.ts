import type { Language } from '../../src/web/views/languages.ts';
import { allParts, type MessagePart, messageParts } from './message-parts.ts';

type Messages = Readonly<Record<string, string>>;

const tagsOfMessages = new Set(['a', 'b', 'code']);

/** The categories that a language needs to count the things of a page: whole numbers, none of them in the millions. */
export function countingCategories(language: Language): string[] {
  const rules = new Intl.PluralRules(language);
  const used = Array.from({ length: 1000 }, (_, count) => rules.select(count));
  return [...new Set<string>([...used, 'other'])];
}

/** What would not work, or not read well, of a language's messages; those of English are what the others are held against. */
export const messageFaults = (language: Language, messages: Messages, english: Messages): string[] => [
  ...keyFaults(messages, english),
  ...Object.entries(messages).flatMap(([key, message]) =>
    faultsOf(language, message, english[key] ?? '').map((fault) => `${key}: ${fault}`),
  ),
];

function keyFaults(messages: Messages, english: Messages): string[] {
  const missing = Object.keys(english).filter((key) => !Object.hasOwn(messages, key));
  const foreign = Object.keys(messages).filter((key) => !Object.hasOwn(english, key));
  return [...missing.map((key) => `${key}: is missing`), ...foreign.map((key) => `${key}: is none of English`)];
}

function faultsOf(language: Language, message: string, english: string): string[] {
  let parts: MessagePart[];
  try {
    parts = allParts(messageParts(message));
  } catch (error) {
    return [`cannot be parsed: ${String(error)}`];
  }
  return [
    ...textFaults(message),
    ...namesFaults(parts, allParts(messageParts(english))),
    ...parts.flatMap((part) =>
      part.kind === 'plural' ? pluralFaults(language, Object.keys(part.options), isInflected(part.name, english)) : [],
    ),
    ...(parts.some(({ kind }) => kind === 'select') && parts.some(({ kind }) => kind === 'tag')
      ? ['selects by a value that is markup beside a tag']
      : []),
  ];
}

function textFaults(message: string): string[] {
  return [
    ...(message.trim() === message && message !== '' ? [] : ['is empty, or has blanks at an end']),
    ...(message.includes("'") ? ['has a straight apostrophe, by which the format quotes'] : []),
    ...(/ {2}|\t|\n/.test(message) ? ['has blanks that pages do not show'] : []),
  ];
}

/** Which values, tags and choices a message has: a translation has the same. */
const namesOf = (parts: readonly MessagePart[]): string[] => {
  const names = parts.flatMap((part) => {
    if (part.kind === 'tag') return [`<${part.name}>`];
    if (part.kind === 'select') return [`{${part.name}: ${Object.keys(part.options).toSorted().join()}}`];
    return part.kind === 'value' || part.kind === 'plural' ? [`{${part.name}}`] : [];
  });
  return [...new Set(names)].toSorted();
};

function namesFaults(parts: readonly MessagePart[], english: readonly MessagePart[]): string[] {
  const [names, expected] = [namesOf(parts), namesOf(english)];
  const unknown = parts.flatMap((part) => (part.kind === 'tag' && !tagsOfMessages.has(part.name) ? [part.name] : []));
  return [
    ...(names.join(' ') === expected.join(' ') ? [] : [`has ${names.join(' ')}, English ${expected.join(' ')}`]),
    ...[...tagsOfMessages]
      .filter((name) => names.includes(`{${name}}`))
      .map((name) => `has a value named as the tag <${name}>`),
    ...unknown.map((name) => `has the tag <${name}>, which no page knows`),
  ];
}

/** Whether English tells one from many there; else other languages may do without, too. */
const isInflected = (name: string, english: string): boolean =>
  allParts(messageParts(english)).some((part) => part.kind === 'plural' && part.name === name && 'one' in part.options);

function pluralFaults(language: Language, given: readonly string[], inflected: boolean): string[] {
  const known = new Set<string>(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
  const foreign = given.filter((category) => !known.has(category) && !/^=\d+$/.test(category));
  const needed = inflected ? countingCategories(language) : ['other'];
  const missing = needed.filter((category) => !given.includes(category));
  return [
    ...foreign.map((category) => `counts by "${category}", which ${language} does not have`),
    ...missing.map((category) => `does not say "${category}", which ${language} counts by`),
  ];
}
