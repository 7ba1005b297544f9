import { type Command, Option } from 'commander';
import { addAccessKeyVerbs } from '../access-keys.ts';
import { addImportUsers } from '../import/import-verb.ts';
import { addExportUsers } from './export-users.ts';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { listUpTo } from '../client/list-up-to.ts';
import { wholeNumber } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { formatTable, shortTime } from '../text.ts';
import { addDeleteUser, addResetPassword, addUpdateUser, addUserStatusVerbs } from './change-users.ts';
import { addCreateUser } from './create-users.ts';
import { formatUser, userAnswer } from './user-answers.ts';
import { addUserPolicyVerbs } from './user-policies.ts';

interface ListOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly q?: string;
  readonly status?: string;
  readonly limit: number;
}

/** `postern user …` */
export function addUserVerbs(noun: Command, terminal: Terminal): void {
  addCreateUser(noun, terminal);
  addListUsers(noun, terminal);
  addShowUser(noun, terminal);
  addUpdateUser(noun, terminal);
  addDeleteUser(noun, terminal);
  addUserStatusVerbs(noun, terminal);
  addResetPassword(noun, terminal);
  addUserPolicyVerbs(noun, terminal);
  addImportUsers(noun, terminal);
  addExportUsers(noun, terminal);
  addAccessKeyVerbs(noun.command('access-key').description('access keys of a user, for programs'), terminal);
}

function addListUsers(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('list'))
    .description('list users by name')
    .option('--q <text>', 'in name, display name or e-mail')
    .addOption(new Option('--status <status>', 'these alone').choices(['active', 'frozen']))
    .option('--limit <number>', 'at most so many', wholeNumber(100_000), 100)
    .addHelpText('after', '\nExamples:\n  postern user list\n  postern user list --status frozen --json')
    .action(async (options: ListOptions) => {
      const { q, status, limit } = options;
      const api = await openApi(terminal, options);
      const found = await listUpTo(terminal, api, userAnswer, {
        ...{ path: ['users'], query: { q, status }, limit },
        searchable: true,
      });
      const rows = found.items.map((user) => [
        user.userName,
        user.displayName,
        user.status,
        shortTime(user.lastLogonAt),
        user.userId,
      ]);
      printResult(terminal, options, found, () =>
        formatTable(['NAME', 'DISPLAY NAME', 'STATUS', 'LAST LOGON', 'ID'], rows),
      );
    });
}

function addShowUser(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('show <userName>'))
    .description('show one user')
    .addHelpText('after', '\nExample:\n  postern user show alice')
    .action(async (userName: string, options: { json?: boolean; profile?: string }) => {
      const api = await openApi(terminal, options);
      const found = await fetchAs(api, userAnswer, { method: 'GET', path: ['users', userName] });
      printResult(terminal, options, found, () => formatUser(found));
    });
}
