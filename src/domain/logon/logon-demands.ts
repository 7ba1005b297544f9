import type { Database } from '../../storage/db/database.ts';
import { mayLogOnFrom } from '../accounts/login-networks.ts';
import type { LogonSettings } from '../accounts/logon-settings.ts';
import { findLogonUserById } from './logon-store.ts';

export type DemandingSettings = Pick<LogonSettings, 'passwordPolicy' | 'securityPreferences'>;

interface SignedInUser {
  readonly accountId: string;
  readonly userId: string;
}

/**
 * Demands that come into force while a session lasts, and end nobody's session by themselves: where the account sets none of them, nobody has to be
 * asked about. All others end the sessions of those whom they are put to.
 */
const canDemandMore = ({ passwordPolicy, securityPreferences }: DemandingSettings): boolean =>
  securityPreferences.mfaOperationForLogin === 'mandatory' || passwordPolicy.maxPasswordAge > 0;

/** Whether somebody who is signed in would have nothing more to do if they logged on now: no other password to choose, no factor to bind. */
export async function meetsLogonDemands(
  db: Database,
  settings: DemandingSettings,
  { accountId, userId }: SignedInUser,
): Promise<boolean> {
  if (!canDemandMore(settings)) return true;
  const user = await findLogonUserById(db, accountId, userId);
  return user?.mayLogOn === true && !user.resetRequired && (user.hasMfa || !user.mfaRequired);
}

/** The same, and whether they may be signed in to pages where they are. */
export const mayStaySignedIn = async (
  db: Database,
  settings: DemandingSettings,
  { sourceIp, ...user }: SignedInUser & { readonly sourceIp: string },
): Promise<boolean> =>
  mayLogOnFrom(settings.securityPreferences.loginNetworkMasks, sourceIp) &&
  (await meetsLogonDemands(db, settings, user));
