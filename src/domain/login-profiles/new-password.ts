import type { PasswordPolicy } from '../accounts/password-policy.ts';
import type { FieldFault } from '../app-error.ts';
import type { BreachedPasswords } from './breached-passwords.ts';
import { isMadeOfNames, type PasswordNames } from './context-words.ts';
import { isGuessedFirst } from './guessed-passwords.ts';
import { type PasswordFlaw, type PasswordFlawKind, weakPassword } from './password-flaws.ts';
import { findPasswordFlaws } from './password-rules.ts';

/** What new passwords are looked up in. Undefined where the operator gave no list of breached ones. */
export interface PasswordScreening {
  readonly breachedPasswords: BreachedPasswords | undefined;
}

/** Whose the password is to be, and the policy of their account. */
export interface NewPasswordContext extends PasswordNames {
  readonly policy: PasswordPolicy;
}

const nameFlaws: readonly PasswordFlawKind[] = ['contains-user-name', 'is-user-name'];

/**
 * Every rule that a password breaks which somebody chooses, empty if none: those of the policy, and the block list that NIST SP 800-63B-4 asks for
 * (section 3.1.1.2). Whether it was in use before is told elsewhere (password-history.ts): that costs hashes.
 */
export async function findNewPasswordFlaws(
  { breachedPasswords }: PasswordScreening,
  password: string,
  context: NewPasswordContext,
): Promise<PasswordFlaw[]> {
  const flaws = findPasswordFlaws(password, context);
  // What is too long is not searched for anything.
  if (flaws.some(({ kind }) => kind === 'too-long')) return flaws;
  const { commonPasswords } = await import('./common-passwords.ts');
  const namesItself = !flaws.some(({ kind }) => nameFlaws.includes(kind)) && isMadeOfNames(password, context);
  if (namesItself) flaws.push({ kind: 'context' });
  if (isGuessedFirst(password, commonPasswords)) flaws.push({ kind: 'common' });
  if (flaws.length > 0 || breachedPasswords === undefined) return flaws;
  return (await breachedPasswords.includes(password)) ? [{ kind: 'breached' }] : [];
}

/** The same as faults of an input document, at `pointer` (RFC 6901). Never repeats the password. */
export const checkNewPassword = async (
  screening: PasswordScreening,
  password: string,
  context: NewPasswordContext & { readonly pointer: string },
): Promise<FieldFault[]> =>
  (await findNewPasswordFlaws(screening, password, context)).map((flaw) => weakPassword(context.pointer, flaw));
