const [minute, hour] = [60, 3600];

/** Seconds until the next try, by how many have failed. Deliveries are given up 24 hours after their session ended. */
const delays = [5, 30, 2 * minute, 10 * minute, hour, 3 * hour, 6 * hour, 12 * hour] as const;

const longestDelay = 12 * hour;

/** How long to wait after so many tries that failed: up to a tenth longer than the table says, so that not all come at once. */
export const retryDelaySeconds = (failures: number, chance: number = Math.random()): number =>
  (delays[failures - 1] ?? longestDelay) * (1 + chance / 10);
