import { z } from 'zod';
import {
  getSecurityPreferences,
  updateSecurityPreferences,
} from '../../domain/accounts/security-preference-operations.ts';
import type { SecurityPreferences } from '../../domain/accounts/security-preferences.ts';
import { route, routeGroup } from './route.ts';

const securityPreferencesBody = z
  .object({
    enableSaveMFATicket: z
      .boolean()
      .meta({ description: 'A device may be remembered for 7 days in place of the second factor.' }),
    allowUserToChangePassword: z.boolean(),
    allowUserToManageAccessKeys: z.boolean(),
    allowUserToManageMFADevices: z.boolean(),
    allowUserToLoginWithPasskey: z.boolean(),
    loginSessionDuration: z.int().meta({ description: 'Hours from a logon to the end of its session.', examples: [6] }),
    loginSessionIdleMinutes: z.int().meta({
      description: 'Minutes that a session lasts unused; a change holds from its next use on.',
      examples: [120],
    }),
    loginNetworkMasks: z.array(z.string()).meta({
      description:
        'Networks from which users may log on to pages; empty: from anywhere. Access keys are not bound by it.',
      examples: [['192.0.2.0/24', '2001:db8::/32']],
    }),
    mfaOperationForLogin: z.enum(['mandatory', 'independent']).meta({
      description: '`mandatory`: everybody needs a second factor; `independent`: as each login profile says.',
    }),
  })
  .meta({ id: 'SecurityPreferences' });

const path = '/account/security-preferences';
const answering = { answer: securityPreferencesBody, present: presentPreferences } as const;

export const securityPreferenceRoutes = routeGroup(
  'Security preferences',
  'What users may do by themselves, and how they log on.',
  [
    route(`GET ${path}`, getSecurityPreferences, { ...answering, summary: 'Read the security preferences' }),
    route(`PATCH ${path}`, updateSecurityPreferences, {
      ...answering,
      summary: 'Change the security preferences',
      description: 'What is not given stays. Sessions that exist go on, under the new limits from their next use on.',
      body: 'changes',
      example: { body: { loginSessionDuration: 8, allowUserToManageAccessKeys: true } },
    }),
  ],
);

function presentPreferences(preferences: SecurityPreferences): z.infer<typeof securityPreferencesBody> {
  return {
    enableSaveMFATicket: preferences.enableSaveMFATicket,
    allowUserToChangePassword: preferences.allowUserToChangePassword,
    allowUserToManageAccessKeys: preferences.allowUserToManageAccessKeys,
    allowUserToManageMFADevices: preferences.allowUserToManageMFADevices,
    allowUserToLoginWithPasskey: preferences.allowUserToLoginWithPasskey,
    loginSessionDuration: preferences.loginSessionDuration,
    loginSessionIdleMinutes: preferences.loginSessionIdleMinutes,
    loginNetworkMasks: [...preferences.loginNetworkMasks],
    mfaOperationForLogin: preferences.mfaOperationForLogin,
  };
}
