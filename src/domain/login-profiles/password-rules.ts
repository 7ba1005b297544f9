import { z } from 'zod';
import type { FieldFault } from '../app-error.ts';
import { commonPasswords } from './common-passwords.ts';

/**
 * What an account asks of passwords. The default follows NIST SP 800-63B-4, section 3.1.1: a length and a block list, no
 * composition rules, no expiry. The length is that for passwords beside which a second factor can stand.
 */
export interface PasswordPolicy {
  /** Characters (code points). */
  readonly minimumLength: number;
}

export const defaultPasswordPolicy: PasswordPolicy = { minimumLength: 8 };

/** Characters (code points). Beyond it hashing would become a lever (NIST asks that at least 64 be accepted). */
const maximumPasswordLength = 128;

/** UTF-16 units. A password that is to be compared is looked at up to here: no stored one is as long, and hashing more is a lever. */
export const longestPasswordLookedAt = 1024;

/** A name as short as this stands in half of all passwords, so only the whole password is compared with it. */
const shortestNameLookedFor = 4;

/** One rule in words; `check` where a page can check it off as one types. */
export interface PasswordRule {
  readonly id: string;
  readonly text: string;
  readonly check?: { readonly kind: 'min-length' | 'max-length'; readonly value: number } | undefined;
}

/** The rules in words, for pages. */
export function passwordRules({ minimumLength }: PasswordPolicy): readonly PasswordRule[] {
  return [
    {
      id: 'min-length',
      text: `At least ${minimumLength} characters`,
      check: { kind: 'min-length', value: minimumLength },
    },
    {
      id: 'max-length',
      text: `At most ${maximumPasswordLength} characters`,
      check: { kind: 'max-length', value: maximumPasswordLength },
    },
    { id: 'user-name', text: 'Does not contain your user name' },
    { id: 'common', text: 'Not one of the passwords that attackers try first' },
  ];
}

interface PasswordContext {
  readonly userName?: string | undefined;
  readonly policy?: PasswordPolicy | undefined;
  /** Where the password stands in the input, an RFC 6901 pointer. */
  readonly pointer?: string | undefined;
}

/** Every rule that a password breaks, empty if none. Never repeats the password. */
export function checkPassword(password: string, context: PasswordContext = {}): FieldFault[] {
  const { userName = '', policy = defaultPasswordPolicy, pointer = '/password' } = context;
  const length = [...password].length;
  const broken = [
    length < policy.minimumLength ? `A password has at least ${policy.minimumLength} characters.` : undefined,
    length > maximumPasswordLength ? `A password has at most ${maximumPasswordLength} characters.` : undefined,
    containsName(password, userName) ? 'A password does not contain the user name.' : undefined,
    isGuessedFirst(password) ? 'This password is one of those that attackers try first.' : undefined,
  ];
  return broken
    .filter((detail) => detail !== undefined)
    .map((detail) => ({ pointer, code: 'InvalidParameter.Password.TooWeak', detail }));
}

function containsName(password: string, userName: string): boolean {
  const [text, name] = [password.toLowerCase(), userName.toLowerCase()];
  return name !== '' && (name.length < shortestNameLookedFor ? text === name : text.includes(name));
}

/** On the block list (also with digits or signs after it), one character over and over, or a run such as 12345678. */
function isGuessedFirst(password: string): boolean {
  const text = password.toLowerCase();
  return commonPasswords.has(text) || commonPasswords.has(text.replace(/[0-9!@#$.*?]{1,4}$/, '')) || isRun(text);
}

function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const step = (points[1] ?? 0) - (points[0] ?? 0);
  return (
    points.length > 2 &&
    Math.abs(step) <= 1 &&
    points.every((point, at) => at === 0 || point - (points[at - 1] ?? 0) === step)
  );
}

/** A password that somebody chooses, in an input document: the rules that hold whoever's it is. */
export const newPasswordField = z.string().superRefine((password, context) => {
  for (const { code, detail } of checkPassword(password))
    context.addIssue({ code: 'custom', message: detail, params: { code } });
});
