/**
 * Short-lived data: sessions, codes, tokens, logon state, counters. Two drivers exist (Redis; a table of the database), held to
 * the same promises by one contract suite that races them.
 *
 * Every method touches exactly one key, so that a Redis Cluster never has to span slots. Expiry is decided by the store's
 * clock, never by ours: an expired key is absent for every method at once. Keys and values are strings; a key never holds
 * a usable secret (callers hash bearer values first). `ttlSeconds` is a positive integer.
 *
 * A store out of reach rejects with `StoreUnavailableError` within a few seconds; it never answers from memory.
 */
export interface EphemeralStore {
  get(key: string): Promise<string | undefined>;

  /** Creates or replaces. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;

  /** Creates only. Of any number of racing callers exactly one gets `true`. */
  create(key: string, value: string, ttlSeconds: number): Promise<boolean>;

  /**
   * Replaces `expected` by `next` and sets a new expiry; with no `ttlSeconds` the old expiry stays. `false` when the key is
   * absent or holds another value: a removed key is never brought back. Of racing callers with the same `expected` (and
   * differing from `next`) exactly one gets `true`.
   */
  compareAndSet(key: string, expected: string, next: string, ttlSeconds?: number): Promise<boolean>;

  /** Reads and removes. Of racing callers exactly one gets the value. */
  take(key: string): Promise<string | undefined>;

  /** Removes; `true` for exactly one of racing callers if it was there. */
  delete(key: string): Promise<boolean>;

  /**
   * Adds one to a counter and answers the new count. The first increment sets the expiry, later ones leave it, so a window
   * cannot be extended by trying on. Racing callers each get a different count.
   */
  increment(key: string, ttlSeconds: number): Promise<{ readonly count: number; readonly ttlSeconds: number }>;

  /** Takes one off a counter that is still there, never below nothing. Its window stays as it is. */
  decrement(key: string): Promise<void>;

  /** Adds a member to an index set and makes the set live at least `ttlSeconds` longer from now (never shorter than it had). */
  addToIndex(key: string, member: string, ttlSeconds: number): Promise<void>;
  removeFromIndex(key: string, member: string): Promise<void>;
  /** Members in no particular order, at most a few thousand. */
  listIndex(key: string): Promise<string[]>;

  /** Resolves if the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
