import type { OperationName } from './operations.ts';

export interface PreparedLoad {
  readonly issuer: string;
  readonly operation: OperationName;
  readonly workers: number;
}

/** What ends a run: the time, or so many operations of each worker, whichever comes first. */
export interface Load {
  readonly milliseconds: number;
  readonly perWorker: number;
}

export interface LoadResult {
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
}
