import { caseless, lookAlikeOf } from './look-alikes.ts';

/** How many digits and signs are taken off either end to see what they were added to. */
const mostAdded = 4;

/** What is left without a letter is compared only from this length on: some number or other stands in every row of digits. */
const leastLeftWithoutLetter = 6;

const isLetter = (character: string): boolean => /\p{L}/u.test(character);

/**
 * Whether guessing would soon come to a password: it is on the list, one character over and over, or a run such as 12345678; also in other
 * letters that look alike, and with a few digits or signs before or behind.
 */
export function isGuessedFirst(password: string, list: ReadonlySet<string>): boolean {
  return coresOf(caseless(password)).some((core) => isRun(core) || list.has(lookAlikeOf(core)));
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
