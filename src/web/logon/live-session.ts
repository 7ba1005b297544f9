import type { Session } from 'oidc-provider';
import type { Visit } from './visit.ts';

/** The session that a logon began in, as it is now: other tabs may have gone on in it. Undefined where it began in none. */
export const liveSession = async ({
  hosted,
  interaction,
}: Pick<Visit, 'hosted' | 'interaction'>): Promise<Session | undefined> =>
  interaction.session === undefined ? undefined : await hosted.provider.Session.findByUid(interaction.session.uid);
