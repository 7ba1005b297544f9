import { mayLogOnFrom } from '../accounts/login-networks.ts';
import type { LogonSettings } from '../accounts/logon-settings.ts';
import type { LogonUser } from './logon-store.ts';

export type ShutGate = 'not active' | 'password expired' | 'network not allowed';

/** What keeps a user who has proved who they are from logging on to pages, for the audit log; undefined: nothing does. */
export function shutGate(
  user: LogonUser,
  { settings, sourceIp }: { readonly settings: LogonSettings; readonly sourceIp: string },
): ShutGate | undefined {
  if (user.passwordExpired) return 'password expired';
  if (!user.mayLogOn) return 'not active';
  return mayLogOnFrom(settings.securityPreferences.loginNetworkMasks, sourceIp) ? undefined : 'network not allowed';
}
