import { z } from 'zod';
import type { Database } from '../../storage/db/database.ts';
import { findAccountSettings } from './account-settings-store.ts';

/** RAM: at most 40 networks. */
const networksLimit = 40;
/** RAM: at most 512 characters in all, counted as RAM writes them, joined by `;`. */
const networksLength = 512;

const networkText = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'This is no address and no network; write 192.0.2.0/24 or 2001:db8::/32.',
});

const fields = z.strictObject({
  /** A device may be remembered for 7 days in place of the second factor. */
  enableSaveMFATicket: z.boolean(),
  allowUserToChangePassword: z.boolean(),
  allowUserToManageAccessKeys: z.boolean(),
  allowUserToManageMFADevices: z.boolean(),
  allowUserToLoginWithPasskey: z.boolean(),
  /** Hours that a logon lasts, whatever is done in it (RAM: 1 to 24). */
  loginSessionDuration: z.int().min(1).max(24),
  /** Minutes that a session lasts unused; it never outlasts `loginSessionDuration`. */
  loginSessionIdleMinutes: z.int().min(5).max(1440),
  /** From where users may log on to pages; empty: from anywhere. Access keys are not bound by it. */
  loginNetworkMasks: z
    .array(networkText)
    .max(networksLimit)
    .refine((masks) => masks.join(';').length <= networksLength, {
      params: { fault: 'Length' },
      error: `All networks together have at most ${networksLength} characters.`,
    }),
  /** `mandatory`: everybody needs a second factor; `independent`: as each login profile says. */
  mfaOperationForLogin: z.enum(['mandatory', 'independent']),
});

/** What users of an account may do by themselves, and how they log on (RAM: SetSecurityPreference). */
export type SecurityPreferences = z.infer<typeof fields>;

/** A preference that opens an operation to users on themselves, whatever their policies (unless one forbids it). */
export type SelfServicePreference =
  | 'allowUserToChangePassword'
  | 'allowUserToManageAccessKeys'
  | 'allowUserToManageMFADevices';

/** RAM's defaults. RAM has no limit for sessions that nobody uses: ours is twice the life of an access token, so that an app in use keeps its session. */
export const defaultSecurityPreferences: SecurityPreferences = {
  enableSaveMFATicket: false,
  allowUserToChangePassword: true,
  allowUserToManageAccessKeys: false,
  allowUserToManageMFADevices: true,
  allowUserToLoginWithPasskey: true,
  loginSessionDuration: 6,
  loginSessionIdleMinutes: 120,
  loginNetworkMasks: [],
  mfaOperationForLogin: 'independent',
};

/** A change: what is absent stays. */
export const securityPreferenceChanges = fields.partial();

/** What was stored, over the defaults. A field of an older release that is no more is dropped. */
export const readSecurityPreferences = (
  stored: Readonly<Record<string, unknown>> | null | undefined,
): SecurityPreferences => z.object(fields.shape).parse({ ...defaultSecurityPreferences, ...stored });

/** An account's preferences as of now. */
export async function loadSecurityPreferences(db: Database, accountId: string): Promise<SecurityPreferences> {
  return readSecurityPreferences((await findAccountSettings(db, accountId))?.securityPreferences);
}
