import type { Command } from 'commander';
import { recoverAdministrator } from '../../domain/accounts/recover-administrator.ts';
import type { Terminal } from '../terminal.ts';
import { formatHandover } from '../text.ts';
import { withDatabase } from './deployment-database.ts';

interface RecoverOptions {
  readonly alias: string;
  readonly user: string;
  readonly json?: boolean;
}

const help = `
The user becomes active, gets a one-time password and AdministratorAccess, and loses every second factor, session and token.
Policies and groups that forbid the user something are taken away, and the networks that the account bounds logons to are lifted.
On the account of the platform the user gets PlatformAdministratorAccess, too. It is told in the audit log, with all that went.
With the embedded database, stop the server first.

Example:
  postern recover --alias acme --user root`;

/** `postern recover` */
export function addRecover(command: Command, terminal: Terminal): void {
  command
    .requiredOption('--alias <alias>', 'the account')
    .requiredOption('--user <userName>', 'one of its users')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', help)
    .action(async ({ alias, user, json }: RecoverOptions) => {
      const handover = await withDatabase(terminal, async ({ config, ...deps }) => {
        const { userName, initialPassword } = await recoverAdministrator(deps, { alias, userName: user });
        const logonName = `${userName}@${alias}.${config.logonDomain}`;
        return { logonUrl: `${config.publicUrl}/${alias}`, logonName, initialPassword };
      });
      terminal.out(json === true ? JSON.stringify(handover, null, 2) : formatHandover(handover));
    });
}
