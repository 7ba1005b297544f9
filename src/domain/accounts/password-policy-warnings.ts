import type { PasswordPolicy } from './password-policy.ts';
import type { SecurityPreferences } from './security-preferences.ts';

/** A field that contradicts NIST SP 800-63B-4, and what is wrong with it. */
export interface PolicyWarning {
  readonly field: keyof PasswordPolicy;
  readonly detail: string;
}

/** Of a password that nothing stands beside (section 3.1.1.1). */
const singleFactorLength = 15;

interface WarningRule {
  readonly field: keyof PasswordPolicy;
  readonly applies: (policy: PasswordPolicy, preferences: SecurityPreferences) => boolean;
  readonly detail: string;
}

const composition = 'NIST SP 800-63B-4 (3.1.1.2) forbids composition rules: they make passwords easier to guess.';

const rules: readonly WarningRule[] = [
  {
    field: 'minimumPasswordLength',
    applies: ({ minimumPasswordLength }, { mfaOperationForLogin }) =>
      minimumPasswordLength < singleFactorLength && mfaOperationForLogin !== 'mandatory',
    detail: `NIST SP 800-63B-4 (3.1.1.1) asks for ${singleFactorLength} characters where no second factor stands beside the password; make one mandatory, or passwords longer.`,
  },
  { field: 'requireLowercaseCharacters', applies: (policy) => policy.requireLowercaseCharacters, detail: composition },
  { field: 'requireUppercaseCharacters', applies: (policy) => policy.requireUppercaseCharacters, detail: composition },
  { field: 'requireNumbers', applies: (policy) => policy.requireNumbers, detail: composition },
  { field: 'requireSymbols', applies: (policy) => policy.requireSymbols, detail: composition },
  {
    field: 'minimumPasswordDifferentCharacter',
    applies: (policy) => policy.minimumPasswordDifferentCharacter > 0,
    detail: composition,
  },
  {
    field: 'maxPasswordAge',
    applies: ({ maxPasswordAge }) => maxPasswordAge > 0,
    detail: 'NIST SP 800-63B-4 (3.1.1.2) forbids regular changes without a sign that the password is known to others.',
  },
  {
    field: 'hardExpire',
    applies: ({ hardExpire, maxPasswordAge }) => hardExpire && maxPasswordAge > 0,
    detail: 'Users whose password has reached its age cannot get in by themselves, the last administrator included.',
  },
  {
    field: 'passwordNotContainUserName',
    applies: (policy) => !policy.passwordNotContainUserName,
    detail: 'NIST SP 800-63B-4 (3.1.1.2) counts the user name among what passwords are compared with.',
  },
];

/** What in a policy contradicts NIST, beside these preferences. Empty where nothing does. */
export const policyWarnings = (policy: PasswordPolicy, preferences: SecurityPreferences): readonly PolicyWarning[] =>
  rules.filter(({ applies }) => applies(policy, preferences)).map(({ field, detail }) => ({ field, detail }));
