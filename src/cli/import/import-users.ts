import { access } from 'node:fs/promises';
import { fetchAs, openApi, printResult } from '../client/api-verb.ts';
import type { ManagementApi } from '../client/management-api.ts';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { formatHandover } from '../text.ts';
import { userAnswer } from '../users/user-answers.ts';
import { type ImportedUser, readImportFile, type RowFault } from './import-file.ts';
import { type Journal, journalFileOf, openJournal } from './journal.ts';
import { faultsOnServer } from './known-on-server.ts';
import { paceOf } from './pace.ts';
import { type ImportResult, resultsFileOf, resultsOf, writeResults } from './results.ts';
import { batchesOf, runImport } from './run-import.ts';

export interface ImportOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly dryRun?: boolean;
  readonly consoleLogon: boolean;
  readonly output?: string;
  readonly showPasswords?: boolean;
}

/** Creates the users of a file, or goes on where an earlier run was interrupted. Throws with every faulty line before anything is sent. */
export async function importUsers(terminal: Terminal, file: string, options: ImportOptions): Promise<void> {
  const { users, faults, contentHash } = await readImportFile(file, options.consoleLogon);
  requireNoFault(file, faults);
  if (users.length === 0) throw new CliFailure(`${file} has no users.`, { code: 'ImportFaults' });
  const api = await openApi(terminal, options);
  const output = options.output ?? resultsFileOf(file);
  if (options.dryRun === true) {
    requireNoFault(file, await faultsOnServer(api, users));
    return printResult(
      terminal,
      options,
      { users: users.length, faults: [] },
      () => `${users.length} users; nothing is wrong.`,
    );
  }
  const { userId } = await fetchAs(api, userAnswer, { method: 'GET', path: ['me'] });
  await requireNewOutput(output, journalFileOf(file));
  const journal = await openJournal(journalFileOf(file), { contentHash, issuer: api.issuer, userId });
  requireUnfinished(journal);
  await requireNothingInTheWay(api, file, users, journal);
  const results = await runAndWrite(terminal, { api, users, journal, output });
  printResult(terminal, options, jsonOf(results, output, options), () => inWords(results, output, options));
}

/** Of the batches that were not begun: those that were are known to be in order. */
async function requireNothingInTheWay(
  api: ManagementApi,
  file: string,
  users: readonly ImportedUser[],
  journal: Journal,
) {
  const open = batchesOf(users).flatMap((rows, batch) => (journal.batches.has(batch) ? [] : rows));
  requireNoFault(file, open.length === 0 ? [] : await faultsOnServer(api, open));
}

interface Running {
  readonly api: ManagementApi;
  readonly users: readonly ImportedUser[];
  readonly journal: Journal;
  readonly output: string;
}

/** Whatever ends it, what is done so far is written down. */
async function runAndWrite(terminal: Terminal, { api, users, journal, output }: Running): Promise<ImportResult[]> {
  const [startedAt, before] = [performance.now(), resultsOf(users, journal).length];
  const onProgress = (done: number) => {
    const counts = { done, before: Math.min(before, done), total: users.length };
    terminal.progress(paceOf(counts, performance.now() - startedAt));
  };
  try {
    await runImport({
      api,
      users,
      journal,
      onProgress,
      beforeFinish: () => writeResults(output, resultsOf(users, journal)),
    });
  } catch (error) {
    const results = resultsOf(users, journal);
    if (results.length > 0) await writeResults(output, results);
    terminal.err(`${results.length} of ${users.length} users are created; run it again to go on.`);
    throw error;
  }
  return resultsOf(users, journal);
}

/** Another file would be lost; that of an import under way is written again. */
async function requireNewOutput(output: string, journal: string): Promise<void> {
  const exists = (file: string) =>
    access(file).then(
      () => true,
      () => false,
    );
  if (!(await exists(output)) || (await exists(journal))) return;
  throw new CliFailure(`${output} exists already. Move it away, or name another file with --output.`, {
    code: 'OutputExists',
  });
}

function requireUnfinished({ finishedAt, file }: Journal): void {
  if (finishedAt === undefined) return;
  throw new CliFailure(`This file was imported already, at ${finishedAt}.`, {
    code: 'ImportFinished',
    details: [`To import it once more, remove ${file}.`],
  });
}

function requireNoFault(file: string, faults: readonly RowFault[]): void {
  if (faults.length === 0) return;
  const lines = new Set(faults.map(({ line }) => line)).size;
  throw new CliFailure(`${file} has faults in ${lines} ${lines === 1 ? 'line' : 'lines'}; nothing was sent.`, {
    code: 'ImportFaults',
    details: faults.map(({ line, detail }) => `line ${line}: ${detail}`),
  });
}

const jsonOf = (results: readonly ImportResult[], output: string, { showPasswords }: ImportOptions): object => ({
  created: results.length,
  output,
  ...(showPasswords === true ? { items: results } : {}),
});

function inWords(results: readonly ImportResult[], output: string, { showPasswords }: ImportOptions): string {
  const blocks = showPasswords === true ? results.map((one) => formatHandover(one)) : [];
  return [
    ...blocks,
    `${results.length} users are created. What to hand over to them is in ${output}, which only you can read.`,
  ].join('\n\n');
}
