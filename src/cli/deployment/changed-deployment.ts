import { reconcileDeployment } from '../../domain/accounts/deployment-settings.ts';
import type { Config } from '../../config/config.ts';
import type { Database } from '../../storage/db/database.ts';
import { CliFailure, exitCodes } from '../failure.ts';

const settingNames = { publicUrl: 'PUBLIC_URL', logonDomain: 'LOGON_DOMAIN' } as const;

/**
 * Ends the verb when `PUBLIC_URL` or `LOGON_DOMAIN` is not what the database was set up with and the operator did not confirm:
 * issuers, logon names and passkeys would stop working.
 */
export async function refuseUnconfirmedChange(db: Database, config: Config, confirm: boolean): Promise<void> {
  const changed = await reconcileDeployment(db, config, confirm);
  if (changed.length === 0) return;
  throw new CliFailure('This is not the deployment that the database was set up for:', {
    exitCode: exitCodes.usage,
    code: 'DeploymentChanged',
    details: [
      ...changed.map(({ name, stored, configured }) => `${settingNames[name]} was ${stored} and is ${configured} now.`),
      'Apps know the issuer by it, people their logon name, passkeys the host. Set it back, or run "postern serve --confirm".',
    ],
  });
}
