import type { IncomingMessage } from 'node:http';
import type { Client, KoaContextWithOIDC, default as Provider, Session } from 'oidc-provider';
import { endSession as endStoredSession } from '../../domain/sessions/end-session.ts';
import { recordSignOut } from '../../domain/sessions/record-sign-out.ts';
import { sessionIdOf } from '../../domain/sessions/session-records.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { requestInfo } from '../http/request-info.ts';
import { beginWrite, requestState } from './request-state.ts';

interface SignOutDeps {
  readonly issuerName: string;
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly tellApps: () => void;
}

/** Ends a browser session everywhere, at its user's wish (`endEverywhere`), and notes it. Waits for no app. */
export async function endSession(
  session: Session,
  { db }: Pick<SignOutDeps, 'db'>,
  req: IncomingMessage,
): Promise<void> {
  await session.destroy();
  await noteSignOut(db, session, req);
}

/**
 * Wherever the engine lets a session go, it ends everywhere: every app of it is noted to be told (OpenID Connect Back-Channel Logout 1.0), what
 * was granted to it is withdrawn but offline access. An app that joins meanwhile is told too, which the engine, with the session in hand
 * as it was read, would miss. What cannot be noted is no sign-out, and can be tried again.
 */
export function endEverywhere(provider: Provider, { issuerName, ...deps }: SignOutDeps): void {
  const { prototype } = provider.Session;
  const destroy = Reflect.get(prototype, 'destroy') as (this: Session) => Promise<void>;
  prototype.destroy = async function destroyEverywhere(this: Session) {
    const { accountId: userId, uid, loginTs } = this;
    if (userId !== undefined) {
      const { accountId } = requestState().account;
      const place = { issuerName, sessionId: sessionIdOf(uid) };
      await endStoredSession(deps, { accountId, userId }, place, {
        // Not one that somebody has logged on in anew since this browser asked.
        isMeant: ({ payload }) => payload.loginTs === loginTs,
        offlineToo: false,
      });
    }
    await destroy.call(this);
    deps.tellApps();
  };
}

/** The engine's Client, as it is at run time: the types hide that it can be told of the end of a session. */
interface LogoutReceiver extends Client {
  backchannelLogout(userId: string, sid: string): Promise<void>;
}

/** The end of a session has its apps told (`endEverywhere`), so the engine itself is to send none of them anything while a browser waits. */
export function leaveTellingToTheEnd(client: Client): void {
  (client as LogoutReceiver).backchannelLogout = () => Promise.resolve();
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
