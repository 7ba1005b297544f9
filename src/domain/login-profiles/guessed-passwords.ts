import { caseless, lookAlikeOf } from './look-alikes.ts';

/** How many digits and signs are taken off either end to see what they were added to. */
const mostAdded = 4;

/** What is left without a letter is compared only from this length on: some number or other stands in every row of digits. */
const leastLeftWithoutLetter = 6;

/** Characters of a block that makes a password by being repeated. */
const longestBlock = 4;

const isLetter = (character: string): boolean => /\p{L}/u.test(character);

/**
 * Whether guessing would soon come to a password: it is on the list, a character or short block over and over, a run such as 12345678, or a date; the
 * former also in other letters that look alike, and each with a few digits or signs before or behind.
 */
export function isGuessedFirst(password: string, list: ReadonlySet<string>): boolean {
  return coresOf(caseless(password)).some(
    (core) => isRun(core) || isRepeatedBlock(core) || isDate(core) || list.has(lookAlikeOf(core)),
  );
}

/** The word itself, and what may be its core. */
function coresOf(word: string): string[] {
  const characters = [...word];
  const addedBefore = countAdded(characters);
  const addedBehind = countAdded(characters.toReversed());
  const cores = Array.from({ length: addedBefore + 1 }, (_, before) =>
    Array.from({ length: addedBehind + 1 }, (__, behind) => characters.slice(before, characters.length - behind)),
  ).flat();
  return [
    word,
    ...cores
      .filter((core) => core.length >= leastLeftWithoutLetter || core.some(isLetter))
      .map((core) => core.join('')),
  ];
}

function countAdded(characters: readonly string[]): number {
  const firstLetter = characters.findIndex(isLetter);
  return Math.min(mostAdded, firstLetter === -1 ? characters.length : firstLetter);
}

function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const step = (points[1] ?? 0) - (points[0] ?? 0);
  return (
    points.length > 2 &&
    Math.abs(step) <= 1 &&
    points.every((point, at) => at === 0 || point - (points[at - 1] ?? 0) === step)
  );
}

/** `abcabcabc`; the last block may be cut off. One character over and over is a run. */
function isRepeatedBlock(text: string): boolean {
  const characters = [...text];
  for (let size = 2; size <= Math.min(longestBlock, characters.length / 2); size += 1)
    if (characters.every((character, at) => character === characters[at % size])) return true;
  return false;
}

const year = String.raw`(?:19|20)\d\d`;

/** The orders in which a date is written. */
const ordersOf = (month: string, day: string) => [
  [year, month, day],
  [day, month, year],
  [month, day, year],
];

/** Between separators a month or day may have one digit. */
const datePatterns: readonly RegExp[] = [
  ...ordersOf('(?:0[1-9]|1[0-2])', String.raw`(?:0[1-9]|[12]\d|3[01])`).map((parts) => parts.join('')),
  ...ordersOf('(?:0?[1-9]|1[0-2])', String.raw`(?:0?[1-9]|[12]\d|3[01])`).map(
    ([first, second, third]) => String.raw`${first}([-./])${second}\1${third}`,
  ),
].map((pattern) => new RegExp(`^${pattern}$`));

/** A day of the last hundred years and the next: birthdays, above all. */
const isDate = (text: string): boolean => datePatterns.some((pattern) => pattern.test(text));
