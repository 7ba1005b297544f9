import type { Interaction, Session } from 'oidc-provider';
import type { DeviceOfBrowser } from '../../domain/devices/known-devices-store.ts';
import { amrOf, levelOf, readLevel, satisfies } from '../oidc/levels.ts';
import { liveSession } from './live-session.ts';
import { auditFactorRefusal, recordLogon } from './logon-audit.ts';
import { type Visit, visitUser } from './visit.ts';

/** What the engine is told at the end of a logon, and how that is noted. */
export interface LogonEnding {
  readonly result: Record<string, unknown>;
  readonly note: () => Promise<void>;
}

/**
 * Completes the logon: the engine's answer for the authorization request, with the epoch that all it makes will carry, and how the user authenticated
 * (product.md section 4). A step-up that was declined leaves the session as it is. `known`: who is known in this browser.
 */
export function finishLogon(visit: Visit, known: Promise<readonly DeviceOfBrowser[]>): LogonEnding {
  // Its failure is told by whoever notes the logon.
  known.catch(() => undefined);
  const { isStepUp, secondFactor, methods = [], provedAt, userEpoch } = visit.situation.state;
  if (isStepUp === true && secondFactor === undefined) {
    return { result: { stepUp: 'declined' }, note: () => Promise.resolve() };
  }
  const [amr, acr] = [amrOf(methods), levelOf(methods)];
  const { userId: accountId } = visitUser(visit);
  return {
    result: { login: { accountId, amr, acr, ts: provedAt, remember: true, userEpoch } },
    note: async () => await recordLogon(visit, await known, { amr, acr }),
  };
}

/** Ends a logon whose user cannot reach the level that the app must have (OpenID Connect Unmet Authentication Requirements 1.0). */
export const refuseLevel = (visit: Visit): LogonEnding => ({
  result: {
    error: 'unmet_authentication_requirements',
    error_description: 'the requested authentication level cannot be reached',
  },
  note: () => auditFactorRefusal(visit, 'level', 'out of reach'),
});

/** Answers the engine and notes it, at once: of racing answers this one was kept. What cannot be noted is no logon. */
export async function answerEngineAndNote(visit: Visit, { result, note }: LogonEnding): Promise<string> {
  const [answered, noted] = await Promise.allSettled([answerEngine(visit, result), note()]);
  if (answered.status === 'rejected') throw answered.reason;
  if (noted.status === 'rejected') await takeBack(visit, noted.reason);
  return answered.value;
}

/** Answers the engine, which gets one of racing answers, and notes that one. What cannot be noted is no logon. */
export async function answerEngineFirst(visit: Visit, { result, note }: LogonEnding): Promise<string> {
  const returnTo = await answerEngine(visit, result);
  await note().catch((reason: unknown) => takeBack(visit, reason));
  return returnTo;
}

async function takeBack({ interaction }: Visit, reason: unknown): Promise<never> {
  delete interaction.result;
  await interaction.persist();
  throw reason;
}

/**
 * A password chosen on the way has ended the user's sessions, the one that the logon began in too: the engine's record is cut loose from it, and goes
 * on without. Whatever else ends a session ends the logon.
 */
export async function leaveEndedSession({ interaction, situation }: Visit): Promise<void> {
  const { session } = interaction;
  if (session === undefined || session.accountId !== situation.state.userId) return;
  delete interaction.session;
  await interaction.persist();
}

type Answered = NonNullable<Interaction['lastSubmission']>;

/** Whether the session has come to a later logon, or to a higher level of the same, than one that was answered before. */
const isOvertaken = ({ ts, acr }: NonNullable<Answered['login']>, { loginTs = 0, acr: reached }: Session): boolean =>
  loginTs > (ts ?? 0) || (loginTs === ts && !satisfies(readLevel(acr), readLevel(reached)));

/**
 * What was answered in this authorization request before: the engine puts a logon of it into the session once more. While a page waited, the user may
 * have gone further in another tab; that stands.
 */
async function answeredBefore(visit: Visit): Promise<Answered | undefined> {
  const { lastSubmission } = visit.interaction;
  const { login } = lastSubmission ?? {};
  const session = login === undefined ? undefined : await liveSession(visit);
  if (login === undefined || session === undefined) return lastSubmission;
  if (session.accountId !== login.accountId || !isOvertaken(login, session)) return lastSubmission;
  const { loginTs: ts, acr, amr } = session;
  return { ...lastSubmission, login: { ...login, ts, acr, amr } };
}

/** Hands an answer to the engine. Answers the address where the browser goes on. */
export async function answerEngine(visit: Visit, result: Record<string, unknown>): Promise<string> {
  const { interaction } = visit;
  interaction.result = { ...(await answeredBefore(visit)), ...result };
  await interaction.persist();
  return interaction.returnTo;
}
