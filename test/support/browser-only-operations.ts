/**
 * Operations that only a page can call, by name: each answers a challenge that was made for the page, so there is no address for programs. By hand,
 * so that a route that was forgotten is not taken for one that is not meant to be.
 */
export const browserOnlyOperations: ReadonlySet<string> = new Set(['RegisterOwnPasskey']);
