import type { Command } from 'commander';
import { countAccounts } from '../../domain/accounts/accounts-store.ts';
import { createAccount, type NewAccountHandover } from '../../domain/accounts/create-account.ts';
import { rememberDeployment } from '../../domain/accounts/deployment-settings.ts';
import { userNameField } from '../../domain/users/user-fields.ts';
import { CliFailure, usageFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { refuseChanged } from './changed-deployment.ts';
import { type DeploymentDatabase, withDatabase } from './deployment-database.ts';
import { formatNewAccount } from './new-account.ts';

interface InitOptions {
  readonly alias: string;
  readonly admin: string;
  readonly ifNeeded?: boolean;
  readonly json?: boolean;
}

const help = `
The password and the access key are shown this once. The account is the platform account: its administrator may create others.

Example:
  postern init --alias acme --admin root --json > first-run.json`;

/** `postern init` */
export function addInit(command: Command, terminal: Terminal): void {
  command
    .requiredOption('--alias <alias>', "the account's name in addresses")
    .requiredOption('--admin <userName>', 'the first administrator')
    .option('--if-needed', 'do nothing where there is an account already')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', help)
    .action(async (options: InitOptions) => {
      const name = userNameField.safeParse(options.admin);
      if (!name.success) throw usageFailure(name.error.issues.map(({ message }) => message).join(' '));
      const made = await withDatabase(terminal, (deployment) => createFirstAccount(deployment, options));
      if (made === undefined) return reportNothingDone(terminal, options);
      const { config, handover } = made;
      terminal.out(options.json === true ? JSON.stringify(handover, null, 2) : formatNewAccount(config, handover));
    });
}

/** Of any number of processes that do this at once exactly one makes an account. */
async function createFirstAccount(deployment: DeploymentDatabase, { alias, admin }: InitOptions) {
  const { config, db, keyRing, passwordHasher } = deployment;
  return await db.transaction(
    async (tx): Promise<{ config: typeof config; handover: NewAccountHandover } | undefined> => {
      refuseChanged(await rememberDeployment(tx, config, false));
      // Writes the settings as they are: whoever else does so waits here until we are through.
      await rememberDeployment(tx, config, true);
      if ((await countAccounts(tx)) > 0) return undefined;
      const deps = { db: tx, keyRing, passwordHasher, publicUrl: config.publicUrl };
      return { config, handover: await createAccount(deps, { alias, adminUserName: admin, isPlatform: true }) };
    },
  );
}

function reportNothingDone(terminal: Terminal, { ifNeeded, json }: InitOptions): void {
  if (ifNeeded !== true) {
    throw new CliFailure('There is an account already. Further ones are made by its administrator.', {
      code: 'AlreadyInitialized',
    });
  }
  terminal.out(json === true ? JSON.stringify({ created: false }) : 'There is an account already; nothing to do.');
}
