/** The database or the short-lived store is out of reach: the request can be tried again, nothing was decided. Surfaces answer 503. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly store: 'database' | 'ephemeral';

  constructor(store: 'database' | 'ephemeral', cause: unknown) {
    super(`the ${store} store is out of reach`, { cause });
    this.store = store;
  }
}
