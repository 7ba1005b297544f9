import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withDatabase } from './deployment-database.ts';

const help = `
Any number of processes may do this at once: they wait for one another. "postern serve" does it by itself.

Example:
  DATABASE_URL=postgres://… postern migrate`;

/** `postern migrate` */
export function addMigrate(program: Command, terminal: Terminal): void {
  program
    .command('migrate')
    .description('bring the database to the schema of this release')
    .addHelpText('after', help)
    .action(async () => {
      await withDatabase(terminal, () => Promise.resolve());
      terminal.out('The database has the schema of this release.');
    });
}
