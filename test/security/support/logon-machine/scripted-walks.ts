import type { Intent, Variant } from './intents.ts';

/** A course that must succeed, and the steps taken in it. */
interface ScriptedWalk {
  readonly name: string;
  readonly intents: readonly Intent[];
  readonly taken: readonly string[];
}

const [plain, fresh, strong] = [0, 1, 2] as const;

const start = (app: 0 | 1, variant: Variant = 'plain', browser = 0): Intent => ({
  kind: 'start',
  browser,
  account: 0,
  app,
  variant,
});

/** Rightly answers the step on the page, or the one named. */
const right = (user: number, step = 'due'): Intent => ({
  ...{ kind: 'answer', tab: 0, step, manner: 'right', user },
  ...{ isOwn: true, back: 0, isTwice: false },
});

/** One for each way through, so that the random walks are known to be able to take it. */
export const scriptedWalks: readonly ScriptedWalk[] = [
  { name: 'by a password', intents: [start(0), right(plain)], taken: ['password'] },
  {
    name: 'by a password and a code, with consent',
    intents: [start(1), right(strong), right(strong, 'totp'), right(strong)],
    taken: ['password', 'totp', 'consent'],
  },
  { name: 'by a passkey', intents: [start(0, 'needs phr'), right(strong, 'passkey')], taken: ['passkey'] },
  {
    name: 'by a password and a passkey',
    intents: [start(0, 'login'), right(strong), right(strong, 'passkey-factor')],
    taken: ['password', 'passkey-factor'],
  },
  {
    name: 'by a recovery code',
    intents: [start(0), right(strong), right(strong, 'recovery')],
    taken: ['password', 'recovery'],
  },
  {
    name: 'with all that is due at first',
    intents: [start(0), right(fresh), right(fresh), right(fresh), right(fresh)],
    taken: ['password', 'reset', 'bind', 'recovery-codes'],
  },
  {
    name: 'with a passkey bound in place of an app',
    // The alternative to the step on the page.
    intents: [start(1), right(plain), right(plain, 'other'), right(plain), right(plain)],
    taken: ['password', 'bind-passkey', 'recovery-codes', 'consent'],
  },
  ...(['totp', 'recovery'] as const).map((step) => ({
    name: `once, where one proof (${step}) is shown in two logons at the same moment`,
    intents: [
      ...[start(0), right(strong), start(0, 'plain', 1), right(strong)],
      { kind: 'share', tab: 0, other: 1, step } as const,
    ],
    taken: ['password', step],
  })),
];
