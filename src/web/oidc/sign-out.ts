import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Client, KoaContextWithOIDC, default as Provider, Session } from 'oidc-provider';
import { recordSignOut } from '../../domain/sessions/record-sign-out.ts';
import type { Database } from '../../storage/db/database.ts';
import { requestInfo } from '../http/request-info.ts';
import { beginWrite, requestState } from './request-state.ts';

interface SignOutDeps {
  readonly db: Database;
  readonly logger: Logger;
}

/**
 * Ends a browser session everywhere: every app of it is told (OpenID Connect Back-Channel Logout 1.0), what was granted to
 * it is withdrawn but offline access, the session itself is gone. What an app answers changes nothing here.
 */
export async function endSession(
  provider: Provider,
  session: Session,
  { db, logger }: SignOutDeps,
  req: IncomingMessage,
): Promise<void> {
  const authorizations = Object.entries(session.authorizations ?? {});
  await session.destroy();
  await noteSignOut(db, session, req);
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
      await tellApp(client, session.accountId, sid, logger);
    }),
  );
}

/** Notes the sign-outs that the engine itself carries out, once its question was answered. */
export function auditSignOuts(provider: Provider, { db }: Pick<SignOutDeps, 'db'>): void {
  provider.on('end_session.success', ({ oidc, req }: KoaContextWithOIDC) => {
    const { session, params } = oidc;
    const saidYes = Boolean(params?.['logout']);
    if (session === undefined || !saidYes) return;
    beginWrite(requestState(), noteSignOut(db, session, req));
  });
}

async function noteSignOut(db: Database, session: Session, req: IncomingMessage): Promise<void> {
  if (session.accountId === undefined) return;
  const { accountId } = requestState().account;
  const apps = Object.keys(session.authorizations ?? {});
  await recordSignOut(db, { accountId, userId: session.accountId, apps, ...requestInfo(req) });
}

/** Tells an app that a session of its has ended. What could not be delivered is logged. */
export async function tellApp(client: Client, userId: string, sid: string, logger: Logger): Promise<void> {
  try {
    await (client as unknown as { backchannelLogout(sub: string, sid: string): Promise<void> }).backchannelLogout(
      userId,
      sid,
    );
  } catch (error) {
    logger.warn({ err: error, clientId: client.clientId }, 'back-channel logout was not delivered');
  }
}
