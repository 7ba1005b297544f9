import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, withApiOptions } from '../client/api-verb.ts';
import type { ManagementApi } from '../client/management-api.ts';
import { csvLine } from '../import/csv.ts';
import type { Terminal } from '../terminal.ts';
import { writeOutput } from '../write-output.ts';
import { userAnswer } from './user-answers.ts';

interface ExportOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly output?: string;
}

type User = z.infer<typeof userAnswer>;

const page = z.looseObject({ items: z.array(userAnswer), nextCursor: z.string().optional() });

/** Columns that `postern user import` reads. Passwords cannot be had. */
const columns = ['userName', 'displayName', 'email', 'mobilePhone', 'comments'] as const;

const help = `
Passwords are not in it: nobody can read them. --json writes a line of JSON a user, with all that is told of them.

Examples:
  postern user export > users.csv
  postern user export --json --output users.jsonl`;

/** `postern user export` */
export function addExportUsers(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('export'))
    .description('write all users as CSV, as "postern user import" reads it')
    .option('--output <file>', 'a file instead of the terminal; readable by you alone')
    .addHelpText('after', help)
    .action(async (options: ExportOptions) => {
      const api = await openApi(terminal, options);
      const lines = options.json === true ? jsonLines(api) : csvLines(api);
      await writeOutput(terminal, options.output, lines);
    });
}

/** One page in memory at a time. */
async function* pages(api: ManagementApi): AsyncGenerator<readonly User[], void, undefined> {
  let cursor: string | undefined;
  do {
    const request = { method: 'GET', path: ['users'], query: { limit: 1000, cursor } } as const;
    const found: z.infer<typeof page> = await fetchAs(api, page, request);
    yield found.items;
    cursor = found.nextCursor;
  } while (cursor !== undefined);
}

async function* csvLines(api: ManagementApi): AsyncGenerator<string, void, undefined> {
  yield csvLine(columns);
  for await (const users of pages(api)) {
    yield users.map((user) => csvLine(columns.map((name) => user[name] ?? ''))).join('');
  }
}

async function* jsonLines(api: ManagementApi): AsyncGenerator<string, void, undefined> {
  for await (const users of pages(api)) yield users.map((user) => `${JSON.stringify(user)}\n`).join('');
}
