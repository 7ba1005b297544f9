/** A token is replaced this long before its end, so that it does not end on the way. */
const aheadMs = 30_000;

/** When a token that lives so many seconds from now ends; RFC 3339. */
export const expiryOf = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** Whether it is time for another one. */
export const isDue = (expiresAt: string): boolean => !(Date.parse(expiresAt) - aheadMs > Date.now());
