import { dirname, join, parse } from 'node:path';
import { csvLine } from './csv.ts';
import type { ImportedUser } from './import-file.ts';
import { type Journal, writeWhole } from './journal.ts';
import { batchesOf, isCreated } from './run-import.ts';

/** What came of a line of the file. */
export interface ImportResult {
  readonly line: number;
  readonly userName: string;
  readonly userId: string;
  readonly logonName: string;
  readonly logonUrl: string;
  /** Where one was generated. */
  readonly initialPassword?: string;
}

/** `users.csv` -> `users.imported.csv` beside it. */
export const resultsFileOf = (file: string): string => join(dirname(file), `${parse(file).name}.imported.csv`);

export const resultsOf = (users: readonly ImportedUser[], journal: Journal): ImportResult[] =>
  batchesOf(users).flatMap((rows, batch) => {
    const state = journal.batches.get(batch);
    if (!isCreated(state)) return [];
    return state.users.map(({ userName, userId, logonName }, at) => {
      const password = state.passwords[at] ?? null;
      const line = rows[at]?.line ?? 0;
      const logonUrl = journal.head.issuer;
      return {
        line,
        userName,
        userId,
        logonName,
        logonUrl,
        ...(password === null ? {} : { initialPassword: password }),
      };
    });
  });

/** Writes what is to be handed over, for its owner alone. */
export async function writeResults(file: string, results: readonly ImportResult[]): Promise<void> {
  const head = ['line', 'userName', 'userId', 'logonName', 'logonUrl', 'initialPassword'];
  const lines = results.map((one) =>
    csvLine([String(one.line), one.userName, one.userId, one.logonName, one.logonUrl, one.initialPassword ?? '']),
  );
  await writeWhole(file, csvLine(head) + lines.join(''));
}
