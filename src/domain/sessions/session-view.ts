import type { Database } from '../../storage/db/database.ts';
import { findApplicationNames } from './sessions-store.ts';
import type { LiveSession } from './user-sessions.ts';

/** A session as users and administrators see it: nothing in it opens anything. */
export interface SessionView {
  readonly sessionId: string;
  /** The name in the address of the issuer that it belongs to. */
  readonly alias: string;
  readonly startedAt: Date;
  readonly endsAt: Date | null;
  readonly sourceIp: string;
  readonly userAgent: string | null;
  readonly apps: readonly { readonly clientId: string; readonly displayName: string }[];
}

const atSeconds = (seconds: number): Date => new Date(seconds * 1000);

/** Apps that were removed meanwhile, and our own portal, are not named. */
export async function viewSessions(
  db: Database,
  accountId: string,
  sessions: readonly LiveSession[],
): Promise<SessionView[]> {
  const clientIdsOf = ({ record }: LiveSession): string[] => Object.keys(record.payload.authorizations ?? {});
  const names = await findApplicationNames(db, accountId, [...new Set(sessions.flatMap(clientIdsOf))]);
  return sessions.map((session) => {
    const { logon, record } = session;
    const { exp, loginTs = logon.startedAt } = record.payload;
    return {
      sessionId: logon.sessionId,
      alias: logon.issuerName,
      startedAt: atSeconds(loginTs),
      endsAt: exp === undefined ? null : atSeconds(exp),
      sourceIp: logon.sourceIp,
      userAgent: logon.userAgent ?? null,
      apps: clientIdsOf(session).flatMap((clientId) => {
        const displayName = names.get(clientId);
        return displayName === undefined ? [] : [{ clientId, displayName }];
      }),
    };
  });
}
