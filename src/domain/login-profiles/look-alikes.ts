/** What people write for a letter so that a word looks like none. `1` stands for i and l, so those two count as one. */
const lookAlikes: Readonly<Record<string, string>> = {
  ...{ '@': 'a', '4': 'a', '3': 'e', '1': 'i', l: 'i', '0': 'o', $: 's', '5': 's', '7': 't' },
};

/** A word without case and without compatibility forms (`ｐａｓｓ`). */
export const caseless = (text: string): string => text.normalize('NFKC').toLowerCase();

/** A caseless word as it is compared: each unit of it by what it looks like, so that places in both are the same. */
export const lookAlikeOf = (text: string): string =>
  text.replaceAll(/[@431l0$57]/g, (character) => lookAlikes[character] ?? character);
