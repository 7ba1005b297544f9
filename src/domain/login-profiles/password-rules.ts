import { z } from 'zod';
import { defaultPasswordPolicy, type PasswordPolicy } from '../accounts/password-policy.ts';
import type { FieldFault } from '../app-error.ts';
import { commonPasswords } from './common-passwords.ts';

/** Characters (code points). Beyond it hashing would become a lever (NIST asks that at least 64 be accepted). */
const maximumPasswordLength = 128;

/** UTF-16 units. A password that is to be compared is looked at up to here: no stored one is as long, and hashing more is a lever. */
export const longestPasswordLookedAt = 1024;

/** A name as short as this stands in half of all passwords, so only the whole password is compared with it. */
const shortestNameLookedFor = 4;

/** What a page can see of a rule while one types. */
type PasswordCheck =
  | { readonly kind: 'min-length' | 'max-length' | 'min-different'; readonly value: number }
  | { readonly kind: 'lowercase' | 'uppercase' | 'number' | 'symbol' };

/** One rule in words; `check` where a page can check it off as one types. */
export interface PasswordRule {
  readonly id: string;
  readonly text: string;
  readonly check?: PasswordCheck | undefined;
}

/** A kind of character that a policy can ask for. The pages' script knows the same patterns (views/assets/password-rules.js). */
interface CharacterRule {
  readonly isAsked: (policy: PasswordPolicy) => boolean;
  readonly kind: 'lowercase' | 'uppercase' | 'number' | 'symbol';
  readonly pattern: RegExp;
  readonly text: string;
}

const characterRules: readonly CharacterRule[] = [
  {
    isAsked: (policy) => policy.requireLowercaseCharacters,
    kind: 'lowercase',
    pattern: /\p{Ll}/u,
    text: 'a lower-case letter',
  },
  {
    isAsked: (policy) => policy.requireUppercaseCharacters,
    kind: 'uppercase',
    pattern: /\p{Lu}/u,
    text: 'an upper-case letter',
  },
  { isAsked: (policy) => policy.requireNumbers, kind: 'number', pattern: /\p{Nd}/u, text: 'a digit' },
  { isAsked: (policy) => policy.requireSymbols, kind: 'symbol', pattern: /[^\p{L}\p{N}\s]/u, text: 'a symbol' },
];

/** The rules in words, for pages. */
export function passwordRules(policy: PasswordPolicy): readonly PasswordRule[] {
  const { minimumPasswordLength: least, minimumPasswordDifferentCharacter: different } = policy;
  const { passwordReusePrevention: former } = policy;
  return [
    { id: 'min-length', text: `At least ${least} characters`, check: { kind: 'min-length', value: least } },
    {
      id: 'max-length',
      text: `At most ${maximumPasswordLength} characters`,
      check: { kind: 'max-length', value: maximumPasswordLength },
    },
    ...characterRules
      .filter(({ isAsked }) => isAsked(policy))
      .map(({ kind, text }) => ({ id: kind, text: `Contains ${text}`, check: { kind } })),
    ...(different === 0
      ? []
      : [
          {
            id: 'min-different',
            text: `At least ${different} different characters`,
            check: { kind: 'min-different' as const, value: different },
          },
        ]),
    {
      id: 'user-name',
      text: policy.passwordNotContainUserName ? 'Does not contain your user name' : 'Is not your user name',
    },
    { id: 'common', text: 'Not one of the passwords that attackers try first' },
    ...(former === 0
      ? []
      : [{ id: 'former', text: `Not the password you have, and none of the last ${former} before it` }]),
  ];
}

interface PasswordContext {
  readonly userName?: string | undefined;
  readonly policy?: PasswordPolicy | undefined;
  /** Where the password stands in the input, an RFC 6901 pointer. */
  readonly pointer?: string | undefined;
}

/**
 * Every rule that a password breaks, empty if none. Never repeats the password. Whether it was in use before is told elsewhere
 * (password-history.ts): that costs hashes.
 */
export function checkPassword(password: string, context: PasswordContext = {}): FieldFault[] {
  const { userName = '', policy = defaultPasswordPolicy, pointer = '/password' } = context;
  const { minimumPasswordLength: least, minimumPasswordDifferentCharacter: different } = policy;
  const characters = [...password];
  const broken = [
    characters.length < least ? `A password has at least ${least} characters.` : undefined,
    characters.length > maximumPasswordLength
      ? `A password has at most ${maximumPasswordLength} characters.`
      : undefined,
    ...characterRules
      .filter(({ isAsked, pattern }) => isAsked(policy) && !pattern.test(password))
      .map(({ text }) => `A password contains ${text}.`),
    new Set(characters).size < different ? `A password has at least ${different} different characters.` : undefined,
    namesUser(password, userName, policy) ? 'A password does not contain the user name.' : undefined,
    isGuessedFirst(password) ? 'This password is one of those that attackers try first.' : undefined,
  ];
  return broken.filter((detail) => detail !== undefined).map((detail) => weakPassword(pointer, detail));
}

/** The fault of a password that is not taken, with the reason. */
export const weakPassword = (pointer: string, detail: string): FieldFault => ({
  pointer,
  code: 'InvalidParameter.Password.TooWeak',
  detail,
});

/** A password that is the user name is refused by every policy; one that contains it, by those that say so. */
function namesUser(password: string, userName: string, { passwordNotContainUserName }: PasswordPolicy): boolean {
  const [text, name] = [password.toLowerCase(), userName.toLowerCase()];
  if (name === '') return false;
  return passwordNotContainUserName && name.length >= shortestNameLookedFor ? text.includes(name) : text === name;
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

/** A password that somebody chooses, in an input document: the rules that hold whoever's it is and whatever the account's policy. */
export const newPasswordField = z.string().superRefine((password, context) => {
  for (const { code, detail } of checkPassword(password))
    context.addIssue({ code: 'custom', message: detail, params: { code } });
});
