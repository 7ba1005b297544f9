import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { accountResource } from './account-resource.ts';
import { findAccountSettings, saveAccountSettings } from './account-settings-store.ts';
import { lockAccount } from './accounts-store.ts';
import {
  changedPolicy,
  defaultPasswordPolicy,
  type PasswordPolicy,
  passwordPolicyChanges,
  type PasswordPolicyPreset,
  presetOf,
  readPasswordPolicy,
} from './password-policy.ts';
import { type PolicyWarning, policyWarnings } from './password-policy-warnings.ts';
import { readSecurityPreferences } from './security-preferences.ts';

/** A policy as callers see one. */
export interface PasswordPolicyView extends PasswordPolicy {
  /** The preset that it is; null for one of the account's own making. */
  readonly preset: PasswordPolicyPreset | null;
  readonly warnings: readonly PolicyWarning[];
}

const noInput = z.strictObject({});

export const getPasswordPolicy: Operation<z.infer<typeof noInput>, undefined, PasswordPolicyView> = {
  name: 'GetPasswordPolicy',
  action: 'ram:GetPasswordPolicy',
  effect: 'read',
  input: noInput,
  resource: (_input, caller) => accountResource(caller),
  perform: async ({ db, caller }) => {
    const settings = await findAccountSettings(db, caller.accountId);
    return view(readPasswordPolicy(settings?.passwordPolicy), settings?.securityPreferences);
  },
};

const setPasswordPolicyInput = z.strictObject({ policy: passwordPolicyChanges });

type SetPasswordPolicyInput = z.infer<typeof setPasswordPolicyInput>;

const changing = {
  action: 'ram:SetPasswordPolicy',
  effect: 'change',
  input: setPasswordPolicyInput,
  resource: (_input: unknown, caller: Caller) => accountResource(caller),
  auditDetails: ({ policy }: SetPasswordPolicyInput) => ({ changes: policy }),
} as const;

/**
 * The whole policy: what is not named is as in the preset, `nist` unless told. It binds at the next change of a password; only its age is
 * looked at when somebody logs on.
 */
export const setPasswordPolicy: Operation<SetPasswordPolicyInput, undefined, PasswordPolicyView> = {
  ...changing,
  name: 'SetPasswordPolicy',
  perform: (context, { policy }) => writePolicy(context, () => changedPolicy(defaultPasswordPolicy, policy)),
};

/** Single fields of the policy: what is not named stays. */
export const updatePasswordPolicy: Operation<SetPasswordPolicyInput, undefined, PasswordPolicyView> = {
  ...changing,
  name: 'UpdatePasswordPolicy',
  perform: (context, { policy }) => writePolicy(context, (present) => changedPolicy(present, policy)),
};

async function writePolicy(
  { db, caller: { accountId } }: OperationContext,
  change: (present: PasswordPolicy) => PasswordPolicy,
): Promise<PasswordPolicyView> {
  await lockAccount(db, accountId);
  const settings = await findAccountSettings(db, accountId);
  const policy = change(readPasswordPolicy(settings?.passwordPolicy));
  await saveAccountSettings(db, accountId, { passwordPolicy: policy });
  return view(policy, settings?.securityPreferences);
}

const view = (
  policy: PasswordPolicy,
  preferences: Parameters<typeof readSecurityPreferences>[0],
): PasswordPolicyView => ({
  ...policy,
  preset: presetOf(policy),
  warnings: policyWarnings(policy, readSecurityPreferences(preferences)),
});
