import type { ChangedSetting } from '../../domain/accounts/deployment-settings.ts';
import { CliFailure, exitCodes } from '../failure.ts';

const settingNames = { publicUrl: 'PUBLIC_URL', logonDomain: 'LOGON_DOMAIN' } as const;

/**
 * Ends the verb when `PUBLIC_URL` or `LOGON_DOMAIN` is not what the database was set up with: issuers, logon names and passkeys
 * would stop working.
 */
export function refuseChanged(changed: readonly ChangedSetting[]): void {
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
