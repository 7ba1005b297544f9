import { hashToken } from '../../../crypto/tokens.ts';
import { passkeyRefusalToTell } from '../../../domain/throttle/passkey-refusals.ts';
import { clearTries, type ThrottledTry, takeTry } from '../../../domain/throttle/throttle.ts';
import type { Method } from '../../oidc/levels.ts';
import type { Form } from '../../http/form-body.ts';
import type { Page } from '../../views/pages.ts';
import type { FactorForm } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { beginningAgain, type LogonState } from '../logon-state.ts';
import type { Situation, StepName } from '../next-step.ts';
import { dueFactors, type FactorStep, mayDecline } from '../second-factors.ts';
import { mayRememberDevice, rememberChoice } from '../remember-device.ts';
import { principalOf, type StepOutcome, visitUser, type Visit } from '../visit.ts';
import { firstFactorSteps } from './first-factor.ts';

/** Wrong codes after which a logon begins anew, with the password: whoever guesses must go on proving that they have it. */
const codesPerLogon = 5;

/** A logon lives no longer (see logon-state.ts). */
const logonSeconds = 3600;

const attemptOf = (visit: Visit): ThrottledTry => ({
  accountId: visit.hosted.accountId,
  userName: visitUser(visit).userName,
  factor: 'second-factor',
  sourceIp: visit.info.sourceIp,
  knownDevice: visitUser(visit).knownDeviceId ?? undefined,
});

/** When a step that shows a second factor is due, and what may be shown in its place: in a step-up also who somebody else is. */
export const factorRule = (name: FactorStep) => ({
  name,
  isDue: (situation: Situation): boolean => dueFactors(situation)[0] === name,
  alternatives: (situation: Situation): readonly StepName[] => [
    ...dueFactors(situation).filter((other) => other !== name),
    ...(situation.state.isStepUp === true ? firstFactorSteps(situation) : []),
  ],
});

interface FactorTry<Proof> {
  /** `bind`: what proves a new factor. */
  readonly factor: FactorStep | 'bind';
  /** Answers what was proved by it; undefined for what is wrong. */
  readonly evaluate: () => Promise<Proof | undefined>;
}

type FactorVerdict<Proof> =
  | { readonly outcome: 'right'; readonly proof: Proof }
  | { readonly outcome: 'wrong' | 'throttled' };

/** Counts a try at a second factor that can be guessed, then evaluates it: one counter over all of them. */
export async function trySecondFactor<Proof>(
  visit: Visit,
  { factor, evaluate }: FactorTry<Proof>,
): Promise<FactorVerdict<Proof>> {
  const attempt = attemptOf(visit);
  const refused = await takeTry(visit.deps.ephemeral, attempt);
  if (refused !== undefined) {
    if (refused.isFirst) await auditFactorRefusal(visit, factor, 'throttled');
    return { outcome: 'throttled' };
  }
  const proof = await evaluate();
  if (proof !== undefined) {
    await clearTries(visit.deps.ephemeral, attempt);
    return { outcome: 'right', proof };
  }
  await auditFactorRefusal(visit, factor, 'wrong');
  return { outcome: 'wrong' };
}

/** Nobody can guess a passkey: it neither counts among the codes nor waits because of them. */
async function tryPasskey<Proof>(visit: Visit, evaluate: FactorTry<Proof>['evaluate']): Promise<FactorVerdict<Proof>> {
  const proof = await evaluate();
  if (proof !== undefined) return { outcome: 'right', proof };
  const source = { accountId: visit.hosted.accountId, sourceIp: visit.info.sourceIp };
  const reason = await passkeyRefusalToTell(visit.deps.ephemeral, source, 'wrong');
  if (reason !== undefined) await auditFactorRefusal(visit, 'passkey-factor', reason);
  return { outcome: 'wrong' };
}

interface FactorStepTry extends FactorTry<Method> {
  readonly factor: FactorStep;
  /** The step again, with what was wrong. */
  readonly page: (error: Wording) => Promise<Page> | Page;
  readonly wrong: Wording;
}

/** The answer to a step that proves a second factor. */
export async function answerSecondFactor(
  visit: Visit,
  form: Form,
  { factor, evaluate, page, wrong }: FactorStepTry,
): Promise<StepOutcome> {
  const { state } = visit.situation;
  if (form.get('decision') === 'decline' && mayDecline(visit.situation))
    return { outcome: 'proceed', state: { ...state, declined: true } };
  const count = { inLogon: 0 };
  const evaluateCounted = async (): Promise<Method | undefined> => {
    count.inLogon = await countInLogon(visit);
    return count.inLogon <= codesPerLogon ? await evaluate() : undefined;
  };
  const verdict =
    factor === 'passkey-factor'
      ? await tryPasskey(visit, evaluateCounted)
      : await trySecondFactor(visit, { factor, evaluate: evaluateCounted });
  if (verdict.outcome === 'right') {
    const proved = withFactor(state, factor, verdict.proof);
    return { outcome: 'proceed', state: { ...proved, ...rememberChoice(visit, form) } };
  }
  if (verdict.outcome === 'throttled') return { outcome: 'refused', page: await page(tooManyTries), status: 429 };
  if (count.inLogon >= codesPerLogon) return { outcome: 'proceed', state: beginningAgain('logon.begin-again-codes') };
  return { outcome: 'refused', page: await page(wrong), status: 401 };
}

/** The time of the first factor stands, in a step-up too: what asks how long ago somebody proved who they are means that one. */
export function withFactor(
  state: LogonState,
  secondFactor: NonNullable<LogonState['secondFactor']>,
  method: Method,
): LogonState {
  const methods = [...new Set([...(state.methods ?? []), method])];
  return { ...state, secondFactor, methods };
}

/** Counted anew for each time that the password was proved. */
async function countInLogon({ deps, hosted, interaction, situation }: Visit): Promise<number> {
  const proof = [hosted.issuerName, interaction.uid, situation.state.proofId];
  const { count } = await deps.ephemeral.increment(`logon-codes:${hashToken(JSON.stringify(proof))}`, logonSeconds);
  return count;
}

export const tooManyTries = 'logon.too-many-tries';

/** What the pages of all second factors have in common: the others that would do as well, and, in a step-up, why one is asked for. */
export function factorForm(visit: Visit, name: FactorStep): FactorForm {
  const { action, csrf, app, situation } = visit;
  const others = dueFactors(situation).filter((other) => other !== name);
  const hrefOf = (step: StepName): string => `${action}?factor=${step}`;
  return {
    ...{ action, csrf, principal: principalOf(visit), appName: app.name },
    others: others.map((step) => ({ step, href: hrefOf(step) })),
    stepUp: situation.state.isStepUp === true ? { somebodyElseHref: hrefOf('password') } : undefined,
    mayDecline: mayDecline(situation),
    mayRemember: mayRememberDevice(visit),
  };
}
