import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { accountResource } from './account-resource.ts';
import { saveAccountSettings } from './account-settings-store.ts';
import { lockAccount } from './accounts-store.ts';
import {
  loadSecurityPreferences,
  type SecurityPreferences,
  securityPreferenceChanges,
} from './security-preferences.ts';

const noInput = z.strictObject({});

export const getSecurityPreferences: Operation<z.infer<typeof noInput>, undefined, SecurityPreferences> = {
  name: 'GetSecurityPreference',
  action: 'ram:GetSecurityPreference',
  effect: 'read',
  input: noInput,
  resource: (_input, caller) => accountResource(caller),
  perform: ({ db, caller }) => loadSecurityPreferences(db, caller.accountId),
};

const updateSecurityPreferencesInput = z.strictObject({ changes: securityPreferenceChanges });

type UpdateSecurityPreferencesInput = z.infer<typeof updateSecurityPreferencesInput>;

/** What is not named stays. It holds for every logon from then on; sessions there are go on, under the new limits from their next use on. */
export const updateSecurityPreferences: Operation<UpdateSecurityPreferencesInput, undefined, SecurityPreferences> = {
  name: 'SetSecurityPreference',
  action: 'ram:SetSecurityPreference',
  effect: 'change',
  input: updateSecurityPreferencesInput,
  resource: (_input, caller) => accountResource(caller),
  auditDetails: ({ changes }) => ({ changes }),
  perform: async ({ db, caller: { accountId } }, { changes }) => {
    await lockAccount(db, accountId);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const securityPreferences = { ...(await loadSecurityPreferences(db, accountId)), ...given };
    await saveAccountSettings(db, accountId, { securityPreferences });
    return securityPreferences;
  },
};
