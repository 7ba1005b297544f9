import { generatePassword } from '../../crypto/generated-passwords.ts';
import type { PasswordPolicy } from '../accounts/password-policy.ts';
import { findPasswordFlaws } from './password-rules.ts';

/** A generated password to hand over once, which meets the account's policy (by chance one could contain a short user name). */
export function newInitialPassword(policy: PasswordPolicy, userName: string): string {
  const draw = () => generatePassword(policy.minimumPasswordLength);
  let password = draw();
  while (findPasswordFlaws(password, { policy, userName }).length > 0) password = draw();
  return password;
}
