import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withDatabase } from './deployment-database.ts';

const help = `
Any number of processes may do this at once: they wait for one another. "postern serve" does it by itself.

Example:
  DATABASE_URL=postgres://… postern migrate`;

/** `postern migrate` */
export function addMigrate(command: Command, terminal: Terminal): void {
  command
    .option('--json', 'print JSON for programs')
    .addHelpText('after', help)
    .action(async ({ json }: { json?: boolean }) => {
      await withDatabase(terminal, () => Promise.resolve());
      terminal.out(json === true ? JSON.stringify({ migrated: true }) : 'The database has the schema of this release.');
    });
}
