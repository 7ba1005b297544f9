import type { Session } from 'oidc-provider';
import { levelReason } from '../oidc/interaction-policy.ts';
import { levelOf, readLevel, readMethods } from '../oidc/levels.ts';
import { requestState } from '../oidc/request-state.ts';
import { liveSession } from './live-session.ts';
import type { LogonState } from './logon-state.ts';
import type { Visit } from './visit.ts';

/**
 * What a live session has proved, where the app asks for a higher level and for nothing else: then its first factor is kept, and the time of it.
 * Undefined for every other reason to ask (`prompt=login`, `max_age`, another user, another network), which the first factor belongs to. The session
 * has been found alive with the logon (engine: `interactionDetails`), and its epoch noted.
 */
export async function keptFromSession(visit: Pick<Visit, 'hosted' | 'interaction'>): Promise<LogonState | undefined> {
  if (visit.interaction.prompt.reasons.some((reason) => reason !== levelReason)) return undefined;
  const session = await liveSession(visit);
  if (session?.accountId === undefined || session.loginTs === undefined || isTooOld(visit, session)) return undefined;
  const { accountId: userId, loginTs: provedAt } = session;
  const userEpoch = requestState().userEpochs.get(userId);
  const methods = readMethods(session.amr);
  // The two say the same in every session that we began.
  if (userEpoch === undefined || levelOf(methods) !== readLevel(session.acr)) return undefined;
  return { userId, userEpoch, methods, provedAt, isStepUp: true };
}

/** The first factor has passed the app's `max_age` while the page waited. */
function isTooOld({ interaction }: Pick<Visit, 'interaction'>, session: Session): boolean {
  const maxAge = interaction.params['max_age'];
  return maxAge !== undefined && session.past(Number(maxAge));
}
