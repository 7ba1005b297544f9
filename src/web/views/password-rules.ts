import type { AppError } from '../../domain/app-error.ts';
import { passwordFlawsOf } from '../../domain/login-profiles/password-flaws.ts';
import type { MessageKey } from './messages/catalog.ts';
import type { Wording } from './translate.ts';

/** What the page itself can see of a rule while one types. Everything else is decided on the server. */
export type PasswordCheck =
  | { readonly kind: 'min-length' | 'max-length' | 'min-different'; readonly value: number }
  | { readonly kind: 'lowercase' | 'uppercase' | 'number' | 'symbol' }
  | { readonly kind: 'not-contain'; readonly value: string };

/** What breaks a rule: there are words for each (`passwords.rule.…`, `passwords.flaw.…`). */
type RuleKind = Extract<MessageKey, `passwords.rule.${string}`> extends `passwords.rule.${infer Kind}` ? Kind : never;

/** A rule of the account's password policy; `check` where it can be checked off as one types. */
export interface PasswordRule {
  readonly kind: RuleKind;
  readonly value?: number | undefined;
  readonly check?: PasswordCheck | undefined;
}

const generatorTerms: Readonly<Record<PasswordCheck['kind'], (value: string) => string>> = {
  'min-length': (value) => `minlength: ${value};`,
  'max-length': (value) => `maxlength: ${value};`,
  'min-different': () => '',
  lowercase: () => 'required: lower;',
  uppercase: () => 'required: upper;',
  number: () => 'required: digit;',
  symbol: () => 'required: special;',
  'not-contain': () => '',
};

/** The rules in the language of the `passwordrules` attribute, by which password managers make a password that passes. */
export function passwordRulesAttribute(rules: readonly PasswordRule[]): string {
  const terms = rules.map(({ check }) => {
    if (check === undefined) return '';
    return generatorTerms[check.kind]('value' in check ? String(check.value) : '');
  });
  return terms.filter((term) => term !== '').join(' ');
}

type FlawKind = Extract<MessageKey, `passwords.flaw.${string}`> extends `passwords.flaw.${infer Kind}` ? Kind : never;

/** What is wrong with a password, for a page. */
export const flawWording = ({ kind, value = 0 }: { kind: FlawKind; value?: number | undefined }): Wording => ({
  key: `passwords.flaw.${kind}`,
  values: { value },
});

/** What a refusal says of the password that was chosen, for a page; empty where it is not about that. */
export const weakPasswordWordings = (error: AppError): Wording[] => passwordFlawsOf(error).map(flawWording);
