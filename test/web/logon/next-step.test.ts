import { describe, expect, it } from 'vitest';
import type { LogonUser } from '../../../src/domain/logon/logon-store.ts';
import type { LogonState } from '../../../src/web/logon/logon-state.ts';
import { nextStep, type Situation, type StepName } from '../../../src/web/logon/next-step.ts';
import { dueFactors, isOutOfReach, mayDecline } from '../../../src/web/logon/second-factors.ts';
import { answerableStep, logonSteps } from '../../../src/web/logon/steps.ts';
import { acrValues, type Level, levelOf, type Method } from '../../../src/web/oidc/levels.ts';

const flags = [false, true] as const;
const [pwd, mfa, phr] = acrValues;

interface Facts {
  readonly resetRequired: boolean;
  readonly mfaRequired: boolean;
  readonly hasTotp: boolean;
  readonly hasCredential: boolean;
  readonly mfaSaved: boolean;
}

const noFacts: Facts = {
  ...{ resetRequired: false, mfaRequired: false, hasTotp: false, hasCredential: false, mfaSaved: false },
};

const user = (facts: Partial<Facts> = {}): LogonUser => {
  const all = { ...noFacts, ...facts };
  return {
    userId: '1',
    accountId: '1',
    userName: 'alice',
    displayName: 'Alice',
    epoch: 1,
    passwordHash: 'x',
    mayLogOn: true,
    passwordPastAge: false,
    passwordExpired: false,
    knownDeviceId: null,
    ...all,
    hasMfa: all.hasTotp || all.hasCredential,
  };
};

/** What can have been shown so far in one logon. */
const proofs: readonly Pick<LogonState, 'methods' | 'secondFactor'>[] = [
  { methods: ['pwd'] },
  { methods: ['pwd', 'otp'], secondFactor: 'totp' },
  { methods: ['pwd', 'otp'], secondFactor: 'recovery' },
  { methods: ['pwd', 'hwk'], secondFactor: 'passkey-factor' },
  { methods: ['swk', 'user'] },
];

const wishes: readonly Situation['wish'][] = [
  ...acrValues.map((needed) => ({ needed, preferred: [] })),
  { needed: pwd, preferred: [mfa] },
  { needed: pwd, preferred: [phr] },
  { needed: mfa, preferred: [phr, mfa] },
  { needed: undefined, preferred: [] },
];

const preferencesOf = (allowed: boolean): Situation['preferences'] => ({
  ...{ allowUserToLoginWithPasskey: allowed, allowUserToManageMFADevices: allowed },
});

const everyFact = flags.flatMap((resetRequired) =>
  flags.flatMap((mfaRequired) =>
    flags.flatMap((hasTotp) =>
      flags.flatMap((hasCredential) =>
        flags.map((mfaSaved): Facts => ({ resetRequired, mfaRequired, hasTotp, hasCredential, mfaSaved })),
      ),
    ),
  ),
);

/** Every combination of what an account and an app can demand and what can have been proved. */
const situations: Situation[] = wishes.flatMap((wish) =>
  flags.flatMap((allowed): Situation[] => {
    const demands = { wish, preferences: preferencesOf(allowed) };
    const proved = proofs.flatMap((proof) =>
      flags.flatMap((isStepUp) =>
        flags.map(
          (codesToShow): LogonState => ({
            ...{ userId: '1', userEpoch: 1, provedAt: 1, ...proof },
            ...(isStepUp ? { isStepUp: true } : {}),
            ...(codesToShow ? { recoveryCodesSealed: 'sealed' } : {}),
          }),
        ),
      ),
    );
    return [
      { purpose: 'login', state: {}, user: undefined, ...demands },
      { purpose: 'consent', state: {}, user: user(), ...demands },
      ...everyFact.flatMap((facts) =>
        proved.map((state): Situation => ({ purpose: 'login', state, user: user(facts), ...demands })),
      ),
    ];
  }),
);

const rank = (level: Level): number => acrValues.indexOf(level);
const reached = ({ state }: Situation): number => rank(levelOf(state.methods ?? []));

/** The rules of product.md section 4, told once more in other words. */
function expectedStep(situation: Situation): StepName | undefined {
  const { purpose, state, user: who, wish, preferences } = situation;
  if (purpose === 'consent') return 'consent';
  if (who === undefined) return 'password';
  const factor = expectedFactor(situation, who);
  if (factor !== undefined) return factor;
  if (who.resetRequired && state.isStepUp !== true) return 'reset';
  const wanted = wish.needed !== pwd && preferences.allowUserToManageMFADevices;
  if (!who.hasMfa && (who.mfaRequired || wanted)) return 'bind';
  return state.recoveryCodesSealed === undefined ? undefined : 'recovery-codes';
}

function expectedFactor(situation: Situation, who: LogonUser): StepName | undefined {
  const { state, wish } = situation;
  const have = reached(situation);
  const mostWanted = wish.preferred.find((level) => rank(level) <= (who.hasCredential ? 2 : who.hasTotp ? 1 : 0));
  const isContent = wish.preferred.some((level) => rank(level) <= have);
  const wouldLike = state.secondFactor === undefined && !isContent ? rank(mostWanted ?? pwd) : 0;
  const owed = who.hasMfa && !who.mfaSaved && state.isStepUp !== true ? 1 : 0;
  const must = Math.max(wish.needed === undefined ? 2 : rank(wish.needed), owed);
  if (have >= Math.max(must, wouldLike)) return undefined;
  if (who.hasCredential && have < 2) return 'passkey-factor';
  return who.hasTotp && must < 2 && have < 1 ? 'totp' : undefined;
}

/** A session has been through it: a step-up is about what the app asks for. */
const owesFactor = ({ state, user: who }: Situation): boolean =>
  who?.hasMfa === true && !who.mfaSaved && state.isStepUp !== true;

it('in every situation the first step that is due is the one that is shown', () => {
  expect(situations.length).toBeGreaterThan(5000);
  for (const situation of situations)
    expect([situation, nextStep(logonSteps, situation)?.name]).toEqual([situation, expectedStep(situation)]);
});

it('a logon is complete only once everything that account and app demand was proved, or cannot be', () => {
  for (const situation of situations) {
    if (situation.purpose === 'consent' || nextStep(logonSteps, situation) !== undefined) continue;
    const { state, user: who, wish } = situation;
    if (isOutOfReach(situation)) continue;
    expect(state.userId).toBeDefined();
    if (state.isStepUp !== true) expect(who?.resetRequired).toBe(false);
    expect(wish.needed).toBeDefined();
    expect(reached(situation)).toBeGreaterThanOrEqual(rank(wish.needed ?? phr));
    if (owesFactor(situation)) expect(reached(situation)).toBeGreaterThan(0);
    expect(who?.mfaRequired === true && !who.hasMfa).toBe(false);
    expect(state.recoveryCodesSealed).toBeUndefined();
  }
});

it('a level is out of reach only where nothing that the user may do leads there', () => {
  for (const situation of situations) {
    const { purpose, user: who, wish, preferences } = situation;
    if (purpose === 'consent' || who === undefined) {
      expect(isOutOfReach(situation)).toBe(false);
      continue;
    }
    const canBind = who.mfaRequired || preferences.allowUserToManageMFADevices;
    const best = Math.max(reached(situation), who.hasCredential ? 2 : who.hasMfa || canBind ? 1 : 0);
    expect(isOutOfReach(situation)).toBe(wish.needed === undefined || rank(wish.needed) > best);
  }
});

it('a password can be chosen, and a factor bound, only by whoever has shown every factor they have', () => {
  for (const situation of situations) {
    const { state, user: who } = situation;
    const due = nextStep(logonSteps, situation)?.name;
    if (due !== 'reset' && due !== 'bind') continue;
    if (due === 'reset') expect(state.isStepUp).toBeUndefined();
    expect(state.userId).toBeDefined();
    if (!isOutOfReach(situation) && owesFactor(situation)) expect(reached(situation)).toBeGreaterThan(0);
    if (due === 'bind') expect(who?.hasMfa).toBe(false);
  }
});

describe('second factors', () => {
  const factorsIn = (
    facts: Partial<Facts>,
    wish: Partial<Situation['wish']> = {},
    state: Partial<LogonState> = {},
  ): readonly StepName[] =>
    dueFactors({
      purpose: 'login',
      state: { userId: '1', userEpoch: 1, methods: ['pwd'], ...state },
      user: user(facts),
      wish: { needed: pwd, preferred: [], ...wish },
      preferences: preferencesOf(true),
    });
  const both = { hasTotp: true, hasCredential: true };

  it('are those that the user has, a passkey first', () => {
    expect(factorsIn(both)).toEqual(['passkey-factor', 'totp', 'recovery']);
    expect(factorsIn({ hasTotp: true })).toEqual(['totp', 'recovery']);
    expect(factorsIn({ hasCredential: true })).toEqual(['passkey-factor', 'recovery']);
    expect(factorsIn({})).toEqual([]);
  });

  it('that do not reach the level are not offered', () => {
    expect(factorsIn(both, { needed: phr })).toEqual(['passkey-factor']);
    expect(factorsIn({ hasTotp: true }, { needed: phr })).toEqual([]);
    expect(factorsIn(both, { needed: phr }, { methods: ['pwd', 'otp'], secondFactor: 'totp' })).toEqual([
      'passkey-factor',
    ]);
  });

  it('are not asked for on a remembered device, but where the app asks for one', () => {
    expect(factorsIn({ ...both, mfaSaved: true })).toEqual([]);
    expect(factorsIn({ ...both, mfaSaved: true }, { needed: mfa })).toEqual(['passkey-factor', 'totp', 'recovery']);
    expect(factorsIn({ ...both, mfaSaved: true }, { preferred: [mfa] })).toEqual([
      'passkey-factor',
      'totp',
      'recovery',
    ]);
    expect(factorsIn({ mfaSaved: true }, { preferred: [mfa, phr] })).toEqual([]);
  });

  it('that the app would only like are tried for once, and can be declined', () => {
    const session: Partial<LogonState> = { methods: ['pwd', 'otp'], isStepUp: true };
    expect(factorsIn(both, { preferred: [phr] }, session)).toEqual(['passkey-factor']);
    expect(factorsIn(both, { preferred: [phr] }, { ...session, declined: true })).toEqual([]);
    expect(factorsIn(both, { preferred: [phr] }, { ...session, secondFactor: 'totp' })).toEqual([]);
    expect(factorsIn({ hasTotp: true }, { preferred: [phr] }, session)).toEqual([]);
    expect(factorsIn(both, { needed: phr }, { ...session, declined: true })).toEqual(['passkey-factor']);
  });

  it('can be declined only where nothing but the app’s wish asks for them', () => {
    for (const situation of situations) {
      if (dueFactors(situation).length === 0) continue;
      const withoutWish = { ...situation, wish: { ...situation.wish, preferred: [] } };
      expect(mayDecline(situation)).toBe(dueFactors(withoutWish).length === 0);
    }
  });

  it('a passkey in place of the password is two factors', () => {
    for (const methods of [
      ['hwk', 'user'],
      ['swk', 'user'],
    ] satisfies Method[][])
      expect(factorsIn(both, { needed: phr }, { methods })).toEqual([]);
  });
});

it('of all steps only the due one can be answered, and what stands in for it', () => {
  for (const situation of situations) {
    const due = nextStep(logonSteps, situation);
    if (due === undefined) continue;
    const answerable = logonSteps
      .filter(({ name }) => answerableStep(due, name, situation) !== undefined)
      .map(({ name }) => name);
    expect(new Set(answerable)).toEqual(new Set(expectedAnswers(due.name, situation)));
    for (const odd of [undefined, '', 'TOTP', '__proto__', 'constructor'])
      expect(answerableStep(due, odd, situation)).toBeUndefined();
  }
});

function expectedAnswers(due: StepName, situation: Situation): readonly StepName[] {
  const { state, preferences } = situation;
  const beginnings: StepName[] = preferences.allowUserToLoginWithPasskey ? ['password', 'passkey'] : ['password'];
  if (due === 'password') return beginnings;
  if (due === 'bind') return ['bind', 'bind-passkey'];
  if (due !== 'totp' && due !== 'passkey-factor') return [due];
  return [...dueFactors(situation), ...(state.isStepUp === true ? beginnings : [])];
}
