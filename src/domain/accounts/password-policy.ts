import { z } from 'zod';
import type { Database } from '../../storage/db/database.ts';
import { type AccountSettingsRow, findAccountSettings } from './account-settings-store.ts';

/** RAM's fields, by its names (IMS: SetPasswordPolicy) and with its ranges. `maxLoginAttemps` is how RAM spells it. */
const fields = z.strictObject({
  /** Characters. RAM allows up to 32; 64 is what NIST asks to be accepted at the least. */
  minimumPasswordLength: z.int().min(8).max(64),
  requireLowercaseCharacters: z.boolean(),
  requireUppercaseCharacters: z.boolean(),
  requireNumbers: z.boolean(),
  requireSymbols: z.boolean(),
  /** Days after which a password is to be changed; 0: never. */
  maxPasswordAge: z.int().min(0).max(1095),
  /** Past its age a password opens nothing, and an administrator has to set another; without it, it is to be changed at logon. */
  hardExpire: z.boolean(),
  /** How many former passwords, beside the present one, cannot be chosen again. */
  passwordReusePrevention: z.int().min(0).max(24),
  /** Tries an hour at one user's password over all places, and on each known device of the user on its own; 0: as many as usual. */
  maxLoginAttemps: z.int().min(0).max(32),
  /** How many different characters a password has at the least. */
  minimumPasswordDifferentCharacter: z.int().min(0).max(8),
  passwordNotContainUserName: z.boolean(),
});

/** What an account asks of passwords, beside what is asked everywhere (a length of 8 to 128, none of those that attackers try first). */
export type PasswordPolicy = Readonly<z.infer<typeof fields>>;

/** RAM's defaults. */
const ram: PasswordPolicy = {
  minimumPasswordLength: 8,
  requireLowercaseCharacters: false,
  requireUppercaseCharacters: false,
  requireNumbers: false,
  requireSymbols: false,
  maxPasswordAge: 0,
  hardExpire: false,
  passwordReusePrevention: 0,
  maxLoginAttemps: 0,
  minimumPasswordDifferentCharacter: 0,
  passwordNotContainUserName: false,
};

/**
 * Policies by name. `nist` follows NIST SP 800-63B-4, section 3.1.1: a length and a block list (the user name counts among it), no composition
 * rules, no expiry. Its length is that for passwords beside which a second factor stands.
 */
export const passwordPolicyPresets = {
  nist: { ...ram, passwordNotContainUserName: true },
  ram,
} as const satisfies Record<string, PasswordPolicy>;

export type PasswordPolicyPreset = keyof typeof passwordPolicyPresets;

export const defaultPasswordPolicy: PasswordPolicy = passwordPolicyPresets.nist;

/** A policy to set: a preset, single fields, or single fields over a preset. */
export const passwordPolicyChanges = fields.partial().extend({ preset: z.enum(['nist', 'ram']).optional() });

export type PasswordPolicyChanges = z.infer<typeof passwordPolicyChanges>;

/** The policy that these changes make of `base`, or of the preset they name. */
export function changedPolicy(base: PasswordPolicy, { preset, ...changes }: PasswordPolicyChanges): PasswordPolicy {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...(preset === undefined ? base : passwordPolicyPresets[preset]), ...Object.fromEntries(given) };
}

const storedFields = z.object(fields.shape).partial();

/** What was stored, over the default. A field of an older release that is no more is dropped. */
export function readPasswordPolicy(stored: AccountSettingsRow['passwordPolicy'] | null | undefined): PasswordPolicy {
  return changedPolicy(defaultPasswordPolicy, storedFields.parse(stored ?? {}));
}

/** An account's policy as of now. */
export async function loadPasswordPolicy(db: Database, accountId: string): Promise<PasswordPolicy> {
  return readPasswordPolicy((await findAccountSettings(db, accountId))?.passwordPolicy);
}

/** The preset that a policy is, field by field. */
export function presetOf(policy: PasswordPolicy): PasswordPolicyPreset | null {
  const names = Object.keys(passwordPolicyPresets) as PasswordPolicyPreset[];
  const fieldNames = Object.keys(fields.shape) as (keyof PasswordPolicy)[];
  const isSame = (name: PasswordPolicyPreset) =>
    fieldNames.every((field) => passwordPolicyPresets[name][field] === policy[field]);
  return names.find(isSame) ?? null;
}

const dayMilliseconds = 86_400_000;

/** When a password set then reaches its age; null where it never does. */
export const passwordExpiry = (passwordSetAt: Date, { maxPasswordAge }: PasswordPolicy): Date | null =>
  maxPasswordAge === 0 ? null : new Date(passwordSetAt.getTime() + maxPasswordAge * dayMilliseconds);
