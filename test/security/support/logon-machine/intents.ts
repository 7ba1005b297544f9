import fc from 'fast-check';
import type { AdministratorsAct } from './trace.ts';

/** What can be meant by one move; numbers choose among what there is at that moment, modulo how many there are. */
export type Intent =
  | {
      readonly kind: 'start';
      readonly browser: number;
      readonly account: 0 | 1;
      readonly app: 0 | 1;
      readonly variant: Variant;
    }
  | {
      readonly kind: 'answer';
      readonly tab: number;
      /** `due`: the one on the page. */
      readonly step: string;
      readonly manner: 'right' | 'wrong' | 'declining';
      /** Whose proof is shown: of the logon's own user where there is one, or of anybody. */
      readonly user: number;
      readonly isOwn: boolean;
      /** How many pages back. */
      readonly back: number;
      readonly isTwice: boolean;
    }
  /** One proof in two logons at the same moment. */
  | { readonly kind: 'share'; readonly tab: number; readonly other: number; readonly step: 'totp' | 'recovery' }
  | { readonly kind: 'repeat'; readonly which: number }
  | { readonly kind: 'look'; readonly tab: number; readonly factor: string }
  | { readonly kind: 'resume'; readonly tab: number }
  | { readonly kind: 'strange browser'; readonly tab: number; readonly browser: number; readonly user: number }
  | { readonly kind: 'cross'; readonly tab: number; readonly how: 'form' | 'form and cookies' | 'resume' | 'session' }
  | { readonly kind: 'redeem'; readonly which: number; readonly isElsewhere: boolean }
  | { readonly kind: 'use token'; readonly which: number }
  | { readonly kind: 'switch process'; readonly to: 'alternate' | 0 | 1 }
  | { readonly kind: 'administer'; readonly user: number; readonly act: AdministratorsAct };

/** Ways to ask for a logon. */
export const variants = {
  plain: {},
  login: { prompt: 'login' },
  none: { prompt: 'none' },
  consent: { prompt: 'consent' },
  'likes mfa': { acr_values: 'urn:postern:acr:mfa' },
  'likes phr': { acr_values: 'urn:postern:acr:phr' },
  'needs mfa': { claims: '{"id_token":{"acr":{"essential":true,"value":"urn:postern:acr:mfa"}}}' },
  'needs phr': { claims: '{"id_token":{"acr":{"essential":true,"value":"urn:postern:acr:phr"}}}' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Variant = keyof typeof variants;

const stepNames = [
  ...['password', 'passkey', 'passkey-factor', 'totp', 'recovery'],
  ...['reset', 'bind', 'bind-passkey', 'recovery-codes', 'consent'],
] as const;

const choice = fc.nat({ max: 11 });
const browser = fc.nat({ max: 2 });
const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const is = <Kind extends Intent['kind']>(kind: Kind): fc.Arbitrary<Kind> => fc.constant(kind);

/** Each walk begins with one. */
export const beginnings: fc.Arbitrary<Intent> = fc.record({
  kind: is('start'),
  browser,
  // Mostly the first account: the other is there to be crossed over to.
  account: oneOf<0 | 1>(0, 0, 0, 1),
  app: oneOf<0 | 1>(0, 0, 1),
  variant: oneOf<Variant>('plain', 'plain', 'plain', ...(Object.keys(variants) as Variant[])),
});

const latest = { back: fc.constant(0), isTwice: fc.constant(false) };

/** What brings a logon further: without many of these nothing would ever be reached. */
const goOn = fc.record({
  kind: is('answer'),
  tab: oneOf(0, 0, 0, 1, 2),
  step: oneOf('due', 'due', 'due', 'other'),
  manner: fc.constant('right' as const),
  user: choice,
  isOwn: fc.constant(true),
  ...latest,
});

const goAstray = fc.record({
  kind: is('answer'),
  tab: choice,
  step: oneOf('due', 'other', ...stepNames, '', '__proto__'),
  manner: oneOf<'right' | 'wrong' | 'declining'>('right', 'right', 'wrong', 'declining'),
  user: choice,
  isOwn: fc.boolean(),
  back: oneOf(0, 0, 1, 2, 3),
  isTwice: oneOf(false, false, true),
});

/** Every move there is, with how often it is made. */
export const intents: fc.Arbitrary<Intent> = fc.oneof(
  { weight: 4, arbitrary: beginnings },
  { weight: 20, arbitrary: goOn },
  { weight: 6, arbitrary: goAstray },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: is('share'),
      tab: choice,
      other: choice,
      step: oneOf('totp' as const, 'recovery' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: is('repeat'), which: choice }) },
  { weight: 2, arbitrary: fc.record({ kind: is('look'), tab: choice, factor: oneOf('', '', ...stepNames) }) },
  { weight: 1, arbitrary: fc.record({ kind: is('resume'), tab: choice }) },
  { weight: 1, arbitrary: fc.record({ kind: is('strange browser'), tab: choice, browser, user: choice }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('cross'),
      tab: choice,
      how: oneOf<'form' | 'form and cookies' | 'resume' | 'session'>('form', 'form and cookies', 'resume', 'session'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: is('redeem'), which: choice, isElsewhere: oneOf(false, false, true) }) },
  { weight: 1, arbitrary: fc.record({ kind: is('use token'), which: choice }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: is('switch process'), to: oneOf<'alternate' | 0 | 1>('alternate', 0, 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('administer'),
      user: choice,
      act: oneOf<AdministratorsAct>('disable', 'enable', 'enable', 'force reset', 'require MFA', 'delete MFA devices'),
    }),
  },
);
