import { expect, it } from 'vitest';
import type { LogonUser } from '../../../src/domain/logon/logon-store.ts';
import type { LogonState } from '../../../src/web/logon/logon-state.ts';
import { nextStep, type Situation, type StepName } from '../../../src/web/logon/next-step.ts';
import { answerableStep, logonSteps } from '../../../src/web/logon/steps.ts';

const flags = [false, true] as const;

function user(facts: {
  readonly resetRequired: boolean;
  readonly mfaRequired: boolean;
  readonly hasMfa: boolean;
}): LogonUser {
  const rest = {
    userId: '1',
    accountId: '1',
    userName: 'alice',
    displayName: 'Alice',
    epoch: 1,
    passwordHash: 'x',
    mayLogOn: true,
    passwordPastAge: false,
    passwordExpired: false,
  };
  return { ...rest, ...facts };
}

const proved: LogonState = { userId: '1', userEpoch: 1, provedAt: 1 };

/** Every combination of what an account can demand and what can have been proved. */
const situations: Situation[] = [{ purpose: 'login', state: {}, user: undefined }];
for (const purpose of ['login', 'consent'] as const) {
  for (const resetRequired of flags) {
    for (const mfaRequired of flags) {
      for (const hasMfa of flags) {
        for (const secondFactor of [undefined, 'totp', 'recovery'] as const) {
          for (const codesToShow of flags) {
            const factor = secondFactor === undefined ? {} : { secondFactor };
            const codes = codesToShow ? { recoveryCodesSealed: 'sealed' } : {};
            const state = purpose === 'consent' ? {} : { ...proved, ...factor, ...codes };
            situations.push({ purpose, state, user: user({ resetRequired, mfaRequired, hasMfa }) });
          }
        }
      }
    }
  }
}

/** The order of product.md section 4, told once more in other words. */
function expectedStep({ purpose, state, user: who }: Situation): StepName | undefined {
  if (purpose === 'consent') return 'consent';
  if (who === undefined) return 'password';
  if (who.hasMfa && state.secondFactor === undefined) return 'totp';
  if (who.resetRequired) return 'reset';
  if (who.mfaRequired && !who.hasMfa) return 'bind';
  return state.recoveryCodesSealed === undefined ? undefined : 'recovery-codes';
}

it('in every situation the first step that is due is the one that is shown', () => {
  expect(situations.length).toBeGreaterThan(90);
  for (const situation of situations)
    expect([situation, nextStep(logonSteps, situation)?.name]).toEqual([situation, expectedStep(situation)]);
});

it('no later step is ever shown while an earlier one is due', () => {
  for (const situation of situations) {
    const shown = nextStep(logonSteps, situation);
    const due = logonSteps.filter(({ isDue }) => isDue(situation));
    expect(shown).toBe(due[0]);
  }
});

it('a logon is complete only once everything that the account demands was proved', () => {
  for (const situation of situations) {
    if (nextStep(logonSteps, situation) !== undefined) continue;
    const { state, user: who } = situation;
    expect(state.userId).toBeDefined();
    expect(who?.resetRequired).toBe(false);
    expect(who?.hasMfa === true ? state.secondFactor : 'none needed').toBeDefined();
    expect(who?.mfaRequired === true && !who.hasMfa).toBe(false);
    expect(state.recoveryCodesSealed).toBeUndefined();
  }
});

it('a password can be chosen only by whoever has shown every factor they have', () => {
  for (const situation of situations) {
    if (nextStep(logonSteps, situation)?.name !== 'reset') continue;
    expect(situation.state.userId).toBeDefined();
    expect(situation.user?.hasMfa === true && situation.state.secondFactor === undefined).toBe(false);
  }
});

it('of all steps only the due one can be answered, and a recovery code in place of the app', () => {
  for (const due of logonSteps) {
    const answerable = logonSteps.filter(({ name }) => answerableStep(due, name) !== undefined).map(({ name }) => name);
    expect(answerable).toEqual(due.name === 'totp' ? ['totp', 'recovery'] : [due.name]);
    for (const odd of [undefined, '', 'TOTP', '__proto__', 'constructor'])
      expect(answerableStep(due, odd)).toBeUndefined();
  }
});
