import type { Command } from 'commander';
import { withApiOptions } from '../client/api-verb.ts';
import type { Terminal } from '../terminal.ts';
import { columns } from './columns.ts';
import type { ImportOptions } from './import-users.ts';

const help = `
The first line names the columns: ${columns.slice(0, 7).join(', ')},
${columns.slice(7).join(', ')}. Only userName must be there. Groups are parted by ";" and must exist.
Without password and passwordHash a password is generated. Hashes: argon2id, bcrypt, scrypt, PBKDF2; see docs/command-line.md.

Nothing is sent before every line is in order. What was done stands in users.csv.import, so that an interrupted import goes on when it
is run again: nobody is created twice, nobody is left out. What is to be handed over is written to users.imported.csv, for you alone.

Examples:
  postern user import users.csv --dry-run
  postern user import users.csv`;

/** `postern user import` */
export function addImportUsers(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('import <file>'))
    .description('create the users of a CSV file, thousands if need be')
    .option('--dry-run', 'only say what is wrong')
    .option('--no-console-logon', 'no passwords: the users cannot log on to pages')
    .option('--output <file>', 'where initial passwords go; default: users.imported.csv beside users.csv')
    .option('--show-passwords', 'print what is to be handed over as well')
    .addHelpText('after', help)
    .action(async (file: string, options: ImportOptions) => {
      // It judges by the server's own rules, which take a moment to load.
      const { importUsers } = await import('./import-users.ts');
      await importUsers(terminal, file, options);
    });
}
