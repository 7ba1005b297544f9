import { clearTries, type ThrottledTry, takeTry } from '../../../domain/throttle/throttle.ts';
import { visitUser, type Visit } from '../visit.ts';

const attemptOf = (visit: Visit): ThrottledTry => ({
  accountId: visit.hosted.accountId,
  userName: visitUser(visit).userName,
  factor: 'second-factor',
  sourceIp: visit.info.sourceIp,
});

/** Whether a second factor is still owed: the user has one and has not shown it in this logon. */
export const secondFactorIsDue = ({ situation: { purpose, state, user } }: Pick<Visit, 'situation'>): boolean =>
  purpose === 'login' && user?.hasMfa === true && state.secondFactor === undefined;

/** Counts a try at any second factor, then evaluates it: one counter over all of them. */
export async function trySecondFactor(visit: Visit, evaluate: () => Promise<boolean>): Promise<'right' | 'wrong' | 'throttled'> {
  const attempt = attemptOf(visit);
  if ((await takeTry(visit.deps.ephemeral, attempt)) !== undefined) return 'throttled';
  if (!(await evaluate())) return 'wrong';
  await clearTries(visit.deps.ephemeral, attempt);
  return 'right';
}

export const tooManyTries = 'Too many tries from here. Wait some minutes, then try again.';
