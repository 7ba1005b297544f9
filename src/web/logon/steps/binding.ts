import { seal } from '../../../crypto/envelope.ts';
import type { BoundAuthenticator } from '../../../domain/logon/bind-authenticator.ts';
import { type Method, passkeyMethod } from '../../oidc/levels.ts';
import type { TimedPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { sealedInLogon, type StepOutcome, type Visit, visitUser } from '../visit.ts';
import { nothingToPrepare, throttled, tooManyTries, trySecondFactor, withFactor } from './second-factor.ts';

type Settled = Exclude<BoundAuthenticator, { readonly outcome: 'wrong' }>;

interface Binding {
  readonly factor: 'totp' | 'passkey-factor';
  readonly bind: () => Promise<BoundAuthenticator>;
  /** The step again, with what was wrong. */
  readonly page: (error: Wording) => Promise<TimedPage> | TimedPage;
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
  if (verdict.outcome === 'throttled') return throttled(await binding.page(tooManyTries), verdict.waitSeconds);
  return { outcome: 'refused', page: await binding.page(binding.wrong), status: 401 };
}

/** With what the new factor was proved to work. */
const methodOf = (factor: Binding['factor'], backupEligible?: boolean): Method =>
  factor === 'totp' ? 'otp' : passkeyMethod(backupEligible);

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
