import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC, default as Provider, Session } from 'oidc-provider';
import { endSession as endStoredSession } from '../../domain/sessions/end-session.ts';
import { recordSignOut } from '../../domain/sessions/record-sign-out.ts';
import { sessionIdOf } from '../../domain/sessions/session-records.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { requestInfo } from '../http/request-info.ts';
import { beginWrite, requestState, settleWrites } from './request-state.ts';

interface SignOutDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly tellApps?: (() => void) | undefined;
}

/**
 * Ends a browser session everywhere: every app of it will be told (OpenID Connect Back-Channel Logout 1.0), what was granted to it is
 * withdrawn but offline access, the session itself is gone. Waits for no app.
 */
export async function endSession(
  provider: Provider,
  session: Session,
  deps: SignOutDeps,
  req: IncomingMessage,
): Promise<void> {
  const { accountId: userId, uid, loginTs } = session;
  if (userId !== undefined) {
    const { accountId } = requestState().account;
    const place = { issuerName: issuerNameOf(provider), sessionId: sessionIdOf(uid) };
    await endStoredSession(deps, { accountId, userId }, place, {
      // Not one that somebody has logged on in anew since this browser asked.
      isMeant: ({ payload }) => payload.loginTs === loginTs,
      offlineToo: false,
    });
  }
  await session.destroy();
  await noteSignOut(deps.db, session, req);
  deps.tellApps?.();
}

const issuerNameOf = ({ issuer }: Provider): string => new URL(issuer).pathname.slice(1);

/** Lets a session go only when all its apps are noted to be told: what cannot be noted is no sign-out, and can be tried again. */
export function endOnceNoted(provider: Provider): void {
  const { prototype } = provider.Session;
  const destroy = Reflect.get(prototype, 'destroy') as (this: Session) => Promise<void>;
  prototype.destroy = async function destroyOnceNoted(this: Session) {
    await settleWrites(requestState());
    await destroy.call(this);
  };
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
