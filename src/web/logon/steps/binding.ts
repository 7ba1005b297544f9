import { seal } from '../../../crypto/envelope.ts';
import type { BoundAuthenticator } from '../../../domain/logon/bind-authenticator.ts';
import type { Method } from '../../oidc/levels.ts';
import type { Page } from '../../views/pages.ts';
import type { Wording } from '../../views/translate.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { sealedInLogon, type StepOutcome, type Visit, visitUser } from '../visit.ts';
import { nothingToPrepare, tooManyTries, trySecondFactor, withFactor } from './second-factor.ts';

type Settled = Exclude<BoundAuthenticator, { readonly outcome: 'wrong' }>;

interface Binding {
  readonly factor: 'totp' | 'passkey-factor';
  readonly bind: () => Promise<BoundAuthenticator>;
  /** The step again, with what was wrong. */
  readonly page: (error: Wording) => Promise<Page> | Page;
  readonly wrong: Wording;
}

/** The answer to a step that binds the user's first factor, which counts as shown with it. */
export async function answerBinding(visit: Visit, binding: Binding): Promise<StepOutcome> {
  const evaluate = async (): Promise<Settled | undefined> => {
    const bound = await binding.bind();
    return bound.outcome === 'wrong' ? undefined : bound;
  };
  const verdict = await trySecondFactor(visit, { factor: 'bind', prepare: nothingToPrepare, evaluate });
  if (verdict.outcome === 'right') return await goOn(visit, binding, verdict.proof);
  const isThrottled = verdict.outcome === 'throttled';
  const page = await binding.page(isThrottled ? tooManyTries : binding.wrong);
  return { outcome: 'refused', page, status: isThrottled ? 429 : 401 };
}

/** With what the new factor was proved to work. */
const methodOf = (factor: Binding['factor'], backupEligible = false): Method => {
  if (factor === 'totp') return 'otp';
  return backupEligible ? 'swk' : 'hwk';
};

async function goOn(visit: Visit, { factor }: Binding, bound: Settled): Promise<StepOutcome> {
  if (bound.outcome === 'void') {
    await auditFactorRefusal(visit, 'bind', 'void');
    return { outcome: 'void' };
  }
  const { bindSecretSealed: _used, ...state } = visit.situation.state;
  const codes = JSON.stringify(bound.recoveryCodes);
  const recoveryCodesSealed = seal(visit.deps.keyRing, codes, sealedInLogon(visit, 'recovery_codes'));
  const has = factor === 'totp' ? { hasTotp: true } : { hasCredential: true };
  const user = { ...visitUser(visit), hasMfa: true, ...has };
  return {
    outcome: 'proceed',
    state: { ...withFactor(state, factor, methodOf(factor, bound.backupEligible)), recoveryCodesSealed },
    user,
  };
}
