/** How many are dealt with at the same time: enough that waiting for a store does not add up, few enough to leave it to others as well. */
const together = 10;

/** Does something with each of them, ten at a time; the next ten begin when all of these are done. Rejects with the first failure, and begins no more then. */
export async function inGroups<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += together)
    await Promise.all(items.slice(from, from + together).map(act));
}
