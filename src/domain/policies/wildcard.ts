/**
 * Whether `text` matches `pattern`: `*` any run of characters (none included), `?` exactly one, anything else itself.
 * Greedy with one step back to the latest `*`, so at worst pattern length times text length: no pattern can stall us.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let textAt = 0;
  let starAt = -1;
  let starTextAt = 0;
  while (textAt < text.length) {
    if (pattern[at] === '*') {
      starAt = at;
      starTextAt = textAt;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[textAt])) {
      at += 1;
      textAt += 1;
    } else if (starAt >= 0) {
      starTextAt += 1;
      at = starAt + 1;
      textAt = starTextAt;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
