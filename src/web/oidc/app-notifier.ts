import type { Logger } from 'pino';
import type { EndedSession } from '../../domain/sessions/user-sessions.ts';
import type { Issuers } from './issuers.ts';
import { withRequestState } from './request-state.ts';
import { tellApp } from './sign-out.ts';

/** Tells apps of sessions that ended otherwise than by a sign-out of their browser. One per process. */
export interface AppNotifier {
  /** Returns at once. What an app answers changes nothing; what could not be delivered is logged. */
  readonly tell: (ended: EndedSession) => void;
  /** Resolves when everybody has been told. */
  readonly settle: () => Promise<void>;
}

export function createAppNotifier({ issuers, logger }: { issuers: Issuers; logger: Logger }): AppNotifier {
  const underWay = new Set<Promise<void>>();
  return {
    tell: (ended) => {
      const telling = tellApps(issuers, ended, logger)
        .catch((error: unknown) => {
          logger.warn({ err: error, issuer: ended.issuerName }, 'apps were not told of the end of a session');
        })
        .then(() => void underWay.delete(telling));
      underWay.add(telling);
    },
    settle: async () => {
      await Promise.all(underWay);
    },
  };
}

async function tellApps(issuers: Issuers, { issuerName, userId, apps }: EndedSession, logger: Logger): Promise<void> {
  if (apps.length === 0) return;
  const lookup = await issuers.find(issuerName);
  if (lookup.found !== 'issuer') return;
  const { provider, account } = lookup.hosted;
  await withRequestState(account, () =>
    Promise.all(
      apps.map(async ({ clientId, sid }) => {
        const client = await provider.Client.find(clientId);
        if (client?.backchannelLogoutUri !== undefined) await tellApp(client, userId, sid, logger);
      }),
    ),
  );
}
