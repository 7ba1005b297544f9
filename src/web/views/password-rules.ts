/** What the page itself can see of a rule while one types. Everything else is decided on the server. */
export type PasswordCheck =
  | { readonly kind: 'min-length' | 'max-length' | 'min-different'; readonly value: number }
  | { readonly kind: 'lowercase' | 'uppercase' | 'number' | 'symbol' }
  | { readonly kind: 'not-contain'; readonly value: string };

/** A rule of the account's password policy, in words; `check` where it can be checked off as one types. */
export interface PasswordRule {
  readonly id: string;
  readonly text: string;
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
