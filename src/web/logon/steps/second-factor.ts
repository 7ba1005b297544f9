import { hashToken } from '../../../crypto/tokens.ts';
import { clearTries, type ThrottledTry, takeTry } from '../../../domain/throttle/throttle.ts';
import type { Page } from '../../views/pages.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { type StepOutcome, visitUser, type Visit } from '../visit.ts';

/** Wrong codes after which a logon begins anew, with the password: whoever guesses must go on proving that they have it. */
const codesPerLogon = 5;

/** A logon lives no longer (see logon-state.ts). */
const logonSeconds = 3600;

const attemptOf = (visit: Visit): ThrottledTry => ({
  accountId: visit.hosted.accountId,
  userName: visitUser(visit).userName,
  factor: 'second-factor',
  sourceIp: visit.info.sourceIp,
});

/** Whether a second factor is still owed: the user has one and has not shown it in this logon. */
export const secondFactorIsDue = ({ situation: { purpose, state, user } }: Pick<Visit, 'situation'>): boolean =>
  purpose === 'login' && user?.hasMfa === true && state.secondFactor === undefined;

interface FactorTry {
  /** `bind`: a code that proves a new app, whose seed the page itself shows. */
  readonly factor: 'totp' | 'recovery' | 'bind';
  readonly evaluate: () => Promise<boolean>;
}

/** Counts a try at any second factor, then evaluates it: one counter over all of them. */
export async function trySecondFactor(
  visit: Visit,
  { factor, evaluate }: FactorTry,
): Promise<'right' | 'wrong' | 'throttled'> {
  const attempt = attemptOf(visit);
  const refused = await takeTry(visit.deps.ephemeral, attempt);
  if (refused !== undefined) {
    if (refused.isFirst) await auditFactorRefusal(visit, factor, 'throttled');
    return 'throttled';
  }
  if (await evaluate()) {
    await clearTries(visit.deps.ephemeral, attempt);
    return 'right';
  }
  await auditFactorRefusal(visit, factor, 'wrong');
  return 'wrong';
}

/** The answer to a step that proves a second factor. `page` shows the step again, with what was wrong. */
export async function answerSecondFactor(
  visit: Visit,
  { factor, evaluate }: FactorTry & { readonly factor: 'totp' | 'recovery' },
  { page, wrong }: { readonly page: (error: string) => Page; readonly wrong: string },
): Promise<StepOutcome> {
  const count = { inLogon: 0 };
  const evaluateCounted = async (): Promise<boolean> => {
    count.inLogon = await countInLogon(visit);
    return count.inLogon <= codesPerLogon && (await evaluate());
  };
  const verdict = await trySecondFactor(visit, { factor, evaluate: evaluateCounted });
  if (verdict === 'right') return { outcome: 'proceed', state: { ...visit.situation.state, secondFactor: factor } };
  if (verdict === 'throttled') return { outcome: 'refused', page: page(tooManyTries), status: 429 };
  if (count.inLogon >= codesPerLogon) return { outcome: 'proceed', state: {} };
  return { outcome: 'refused', page: page(wrong), status: 401 };
}

/** Counted anew for each time that the password was proved. */
async function countInLogon({ deps, hosted, interaction, situation }: Visit): Promise<number> {
  const proof = [hosted.issuerName, interaction.uid, situation.state.proofId];
  const { count } = await deps.ephemeral.increment(`logon-codes:${hashToken(JSON.stringify(proof))}`, logonSeconds);
  return count;
}

export const tooManyTries = 'Too many tries from here. Wait some minutes, then try again.';
