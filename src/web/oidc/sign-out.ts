import type { Logger } from 'pino';
import type { Client, default as Provider, Session } from 'oidc-provider';

/**
 * Ends a browser session everywhere: every app of it is told (OpenID Connect Back-Channel Logout 1.0), what was granted to
 * it is withdrawn but offline access, the session itself is gone. What an app answers changes nothing here.
 */
export async function endSession(provider: Provider, session: Session, logger: Logger): Promise<void> {
  const authorizations = Object.entries(session.authorizations ?? {});
  await session.destroy();
  await Promise.all(
    authorizations.map(async ([clientId, authorization]) => {
      const { sid, grantId, persistsLogout } = authorization as {
        sid?: string;
        grantId?: string;
        persistsLogout?: boolean;
      };
      if (grantId !== undefined && persistsLogout !== true) await provider.Grant.adapter.destroy(grantId);
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri === undefined || session.accountId === undefined || sid === undefined) return;
      await notify(client, session.accountId, sid, logger);
    }),
  );
}

async function notify(client: Client, userId: string, sid: string, logger: Logger): Promise<void> {
  try {
    await (client as unknown as { backchannelLogout(sub: string, sid: string): Promise<void> }).backchannelLogout(
      userId,
      sid,
    );
  } catch (error) {
    logger.warn({ err: error, clientId: client.clientId }, 'back-channel logout was not delivered');
  }
}
