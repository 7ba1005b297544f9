import { z } from 'zod';
import { preparedPassword } from '../../crypto/prepared-password.ts';
import { defaultPasswordPolicy, type PasswordPolicy } from '../accounts/password-policy.ts';
import type { PasswordFlaw, PasswordFlawKind } from './password-flaws.ts';

/** Characters (code points). Beyond it hashing would become a lever (NIST asks that at least 64 be accepted). */
const maximumPasswordLength = 128;

/** UTF-16 units. A password that is to be compared is looked at up to here: no stored one is as long, and hashing more is a lever. */
export const longestPasswordLookedAt = 1024;

/** A name as short as this stands in half of all passwords, so only the whole password is compared with it. */
const shortestNameLookedFor = 4;

/** A password that somebody chooses, in an input document. What it must be like is for `findNewPasswordFlaws` to say (new-password.ts). */
export const newPasswordField = z.string().max(longestPasswordLookedAt).meta({
  description: 'Meets the password policy of the account, and is none that attackers try first.',
});

/** What a page can see of a rule while one types. */
type PasswordCheck =
  | { readonly kind: 'min-length' | 'max-length' | 'min-different'; readonly value: number }
  | { readonly kind: 'lowercase' | 'uppercase' | 'number' | 'symbol' }
  | { readonly kind: 'not-contain'; readonly value: string };

/** One rule, by what breaks it; `check` where a page can check it off as one types. */
interface PasswordRule {
  readonly kind: Exclude<PasswordFlawKind, 'present'>;
  readonly value?: number | undefined;
  readonly check?: PasswordCheck | undefined;
}

/** A kind of character that a policy can ask for. The pages' script knows the same patterns (views/assets/password-rules.js). */
interface CharacterRule {
  readonly isAsked: (policy: PasswordPolicy) => boolean;
  readonly kind: 'lowercase' | 'uppercase' | 'number' | 'symbol';
  readonly pattern: RegExp;
}

const characterRules: readonly CharacterRule[] = [
  {
    isAsked: (policy) => policy.requireLowercaseCharacters,
    kind: 'lowercase',
    pattern: /\p{Ll}/u,
  },
  {
    isAsked: (policy) => policy.requireUppercaseCharacters,
    kind: 'uppercase',
    pattern: /\p{Lu}/u,
  },
  { isAsked: (policy) => policy.requireNumbers, kind: 'number', pattern: /\p{Nd}/u },
  { isAsked: (policy) => policy.requireSymbols, kind: 'symbol', pattern: /[^\p{L}\p{N}\s]/u },
];

/** For whom rules are shown, and whether passwords are looked up among breached ones here. */
interface RulesAudience {
  readonly userName?: string | undefined;
  readonly breachedPasswords?: unknown;
}

/** The rules of a policy, for pages to show. */
export function passwordRules(policy: PasswordPolicy, audience: RulesAudience = {}): readonly PasswordRule[] {
  const { minimumPasswordLength: least, minimumPasswordDifferentCharacter: different } = policy;
  const { passwordReusePrevention: former } = policy;
  const given = (isGiven: boolean, rule: PasswordRule): readonly PasswordRule[] => (isGiven ? [rule] : []);
  return [
    { kind: 'too-short', value: least, check: { kind: 'min-length', value: least } },
    { kind: 'too-long', value: maximumPasswordLength, check: { kind: 'max-length', value: maximumPasswordLength } },
    ...characterRules
      .filter(({ isAsked }) => isAsked(policy))
      .map(({ kind }) => ({ kind: `no-${kind}` as const, check: { kind } })),
    ...given(different > 0, {
      ...{ kind: 'too-few-different', value: different },
      check: { kind: 'min-different', value: different },
    }),
    policy.passwordNotContainUserName ? notContaining(audience.userName) : { kind: 'is-user-name' },
    { kind: 'context' },
    { kind: 'common' },
    ...given(audience.breachedPasswords !== undefined, { kind: 'breached' }),
    ...given(former > 0, { kind: 'used-before', value: former }),
  ];
}

const notContaining = (userName = ''): PasswordRule =>
  userName.length < shortestNameLookedFor
    ? { kind: 'contains-user-name' }
    : { kind: 'contains-user-name', check: { kind: 'not-contain', value: userName } };

interface RulesContext {
  readonly userName?: string | undefined;
  readonly policy?: PasswordPolicy | undefined;
}

/**
 * Every rule of the policy that a password breaks, empty if none: what can be told from the password and the user's name alone. Of what
 * somebody chooses more is asked (new-password.ts).
 */
export function findPasswordFlaws(password: string, context: RulesContext = {}): PasswordFlaw[] {
  const { userName = '', policy = defaultPasswordPolicy } = context;
  const { minimumPasswordLength: least, minimumPasswordDifferentCharacter: different } = policy;
  const text = preparedPassword(password);
  const characters = [...text];
  const flaws: (PasswordFlaw | undefined)[] = [
    characters.length < least ? { kind: 'too-short', value: least } : undefined,
    characters.length > maximumPasswordLength ? { kind: 'too-long', value: maximumPasswordLength } : undefined,
    ...characterRules
      .filter(({ isAsked, pattern }) => isAsked(policy) && !pattern.test(text))
      .map(({ kind }) => ({ kind: `no-${kind}` as const })),
    new Set(characters).size < different ? { kind: 'too-few-different', value: different } : undefined,
    userNameFlaw(text, userName, policy),
  ];
  return flaws.filter((flaw) => flaw !== undefined);
}

/** A password that is the user name is refused by every policy; one that contains it, by those that say so. */
function userNameFlaw(
  password: string,
  userName: string,
  { passwordNotContainUserName }: PasswordPolicy,
): PasswordFlaw | undefined {
  const [text, name] = [password.toLowerCase(), userName.toLowerCase()];
  if (name === '') return undefined;
  if (passwordNotContainUserName && name.length >= shortestNameLookedFor && text.includes(name))
    return { kind: 'contains-user-name' };
  return text === name ? { kind: 'is-user-name' } : undefined;
}
