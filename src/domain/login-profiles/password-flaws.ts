import type { AppError, FieldFault } from '../app-error.ts';

/** Flaws in English, for programs' answers and logs. Pages have words of their own for each. */
const flawDetails = {
  'too-short': (least: number) => `A password has at least ${least} characters.`,
  'too-long': (most: number) => `A password has at most ${most} characters.`,
  'no-lowercase': () => 'A password contains a lower-case letter.',
  'no-uppercase': () => 'A password contains an upper-case letter.',
  'no-number': () => 'A password contains a digit.',
  'no-symbol': () => 'A password contains a symbol.',
  'too-few-different': (least: number) => `A password has at least ${least} different characters.`,
  'contains-user-name': () => 'A password does not contain the user name.',
  'is-user-name': () => 'A password is not the user name.',
  context: () => 'This password is little more than a name of the user, of the account or of this service.',
  common: () => 'This password is one of those that attackers try first.',
  breached: () => 'This password is known from a breach of another site. Choose another.',
  present: () => 'The new password is the one you were given, or have. Choose another.',
  'used-before': (former: number) => `This password was in use before; the last ${former} cannot be chosen again.`,
} as const satisfies Record<string, (value: number) => string>;

/** What can be wrong with a password. */
export type PasswordFlawKind = keyof typeof flawDetails;

/** A rule that a password breaks; `value` is the number in the rule, where it has one. */
export interface PasswordFlaw {
  readonly kind: PasswordFlawKind;
  readonly value?: number | undefined;
}

/** A flaw as a fault of an input document. Never repeats the password. */
export const weakPassword = (pointer: string, { kind, value = 0 }: PasswordFlaw): FieldFault => ({
  pointer,
  code: 'InvalidParameter.Password.TooWeak',
  detail: flawDetails[kind](value),
  rule: { kind, value },
});

const isFlawKind = (kind: string): kind is PasswordFlawKind => Object.hasOwn(flawDetails, kind);

/** What was wrong with the password that a refusal speaks of; empty where it speaks of something else. */
export const passwordFlawsOf = ({ faults }: AppError): PasswordFlaw[] =>
  faults.flatMap(({ rule }) =>
    rule !== undefined && isFlawKind(rule.kind) ? [{ kind: rule.kind, value: rule.value }] : [],
  );
