import { hashToken } from '../../../crypto/tokens.ts';
import { passkeyRefusalToTell } from '../../../domain/throttle/passkey-refusals.ts';
import { clearTries, type ThrottledTry, takeTry } from '../../../domain/throttle/throttle.ts';
import type { Method } from '../../oidc/levels.ts';
import { beginWrite, requestState } from '../../oidc/request-state.ts';
import type { Form } from '../../http/form-body.ts';
import type { FactorForm, TimedPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { beginningAgain, type LogonState } from '../logon-state.ts';
import type { Situation, StepName } from '../next-step.ts';
import { dueFactors, type FactorStep, mayDecline } from '../second-factors.ts';
import { mayRememberDevice, rememberChoice } from '../remember-device.ts';
import { principalOf, stepHref, type StepOutcome, visitUser, type Visit } from '../visit.ts';
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

interface FactorTry<Proof, Prepared> {
  /** `bind`: what proves a new factor. */
  readonly factor: FactorStep | 'bind';
  /** What can be done while the try is counted, and is no harm where it is not evaluated. */
  readonly prepare: () => Promise<Prepared>;
  /** Answers what was proved by it; undefined for what is wrong. */
  readonly evaluate: (prepared: Prepared) => Promise<Proof | undefined>;
}

/** Of a factor that there is nothing to prepare for. */
export const nothingToPrepare = (): Promise<undefined> => Promise.resolve(undefined);

type FactorVerdict<Proof> =
  | { readonly outcome: 'right'; readonly proof: Proof }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'throttled'; readonly waitSeconds: number };

/** Counts a try at a second factor that can be guessed, then evaluates it: one counter over all of them. */
export async function trySecondFactor<Proof, Prepared>(
  visit: Visit,
  { factor, prepare, evaluate }: FactorTry<Proof, Prepared>,
): Promise<FactorVerdict<Proof>> {
  const attempt = attemptOf(visit);
  const [refused, prepared] = await Promise.all([takeTry(visit.deps.ephemeral, attempt), prepare()]);
  if (refused !== undefined) {
    if (refused.isFirst) await auditFactorRefusal(visit, factor, 'throttled');
    return { outcome: 'throttled', waitSeconds: refused.waitSeconds };
  }
  const proof = await evaluate(prepared);
  if (proof !== undefined) {
    beginWrite(requestState(), clearTries(visit.deps.ephemeral, attempt));
    return { outcome: 'right', proof };
  }
  await auditFactorRefusal(visit, factor, 'wrong');
  return { outcome: 'wrong' };
}

/** Nobody can guess a passkey: it neither counts among the codes nor waits because of them, but in its logon, once it is wrong. */
async function tryPasskey<Proof, Prepared>(
  visit: Visit,
  { prepare, evaluate }: Pick<FactorTry<Proof, Prepared>, 'prepare' | 'evaluate'>,
  noteInLogon: () => Promise<void>,
): Promise<FactorVerdict<Proof>> {
  const proof = await evaluate(await prepare());
  if (proof !== undefined) return { outcome: 'right', proof };
  await noteInLogon();
  const source = { accountId: visit.hosted.accountId, sourceIp: visit.info.sourceIp };
  const reason = await passkeyRefusalToTell(visit.deps.ephemeral, source, 'wrong');
  if (reason !== undefined) await auditFactorRefusal(visit, 'passkey-factor', reason);
  return { outcome: 'wrong' };
}

interface FactorStepTry<Prepared> extends FactorTry<Method, Prepared> {
  readonly factor: FactorStep;
  /** The step again, with what was wrong. */
  readonly page: (error: Wording) => Promise<TimedPage> | TimedPage;
  readonly wrong: Wording;
}

/** The answer to a step that proves a second factor. */
export async function answerSecondFactor<Prepared>(
  visit: Visit,
  form: Form,
  { factor, prepare, evaluate, page, wrong }: FactorStepTry<Prepared>,
): Promise<StepOutcome> {
  const { state } = visit.situation;
  if (form.get('decision') === 'decline' && mayDecline(visit.situation))
    return { outcome: 'proceed', state: { ...state, declined: true } };
  const count = { inLogon: 0 };
  const noteInLogon = async (): Promise<void> => {
    count.inLogon = await countInLogon(visit);
  };
  const counted: FactorTry<Method, Prepared> = {
    factor,
    prepare: async () => (await Promise.all([prepare(), noteInLogon()]))[0],
    evaluate: async (prepared) => (count.inLogon <= codesPerLogon ? await evaluate(prepared) : undefined),
  };
  const verdict =
    factor === 'passkey-factor'
      ? await tryPasskey(visit, { prepare, evaluate }, noteInLogon)
      : await trySecondFactor(visit, counted);
  if (verdict.outcome === 'right') {
    const proved = withFactor(state, factor, verdict.proof);
    return { outcome: 'proceed', state: { ...proved, ...rememberChoice(visit, form) } };
  }
  if (verdict.outcome === 'throttled') {
    // Not evaluated, so none of the logon's own.
    await visit.deps.ephemeral.decrement(countKey(visit));
    return throttled(await page(tooManyTries), verdict.waitSeconds);
  }
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
async function countInLogon(visit: Visit): Promise<number> {
  return (await visit.deps.ephemeral.increment(countKey(visit), logonSeconds)).count;
}

function countKey({ hosted, interaction, situation }: Visit): string {
  const proof = [hosted.issuerName, interaction.uid, situation.state.proofId];
  return `logon-codes:${hashToken(JSON.stringify(proof))}`;
}

export const tooManyTries = 'logon.too-many-tries';

/** The step again, with the time left. */
export const throttled = (page: TimedPage, retryAfterSeconds: number): StepOutcome => ({
  outcome: 'refused',
  page: { ...page, retryAfterSeconds },
  status: 429,
});

/** What the pages of all second factors have in common: the others that would do as well, and, in a step-up, why one is asked for. */
export function factorForm(visit: Visit, name: FactorStep): FactorForm {
  const { action, csrf, app, situation } = visit;
  const others = dueFactors(situation).filter((other) => other !== name);
  return {
    ...{ action, csrf, principal: principalOf(visit), appName: app.name },
    others: others.map((step) => ({ step, href: stepHref(visit, step) })),
    stepUp: situation.state.isStepUp === true ? { somebodyElseHref: stepHref(visit, 'password') } : undefined,
    mayDecline: mayDecline(situation),
    mayRemember: mayRememberDevice(visit),
  };
}
