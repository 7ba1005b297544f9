import type { Database } from '../../storage/db/database.ts';
import type { Caller } from '../caller.ts';
import type { SessionRecord } from './session-records.ts';
import { findApplicationNames } from './sessions-store.ts';
import type { LiveSession } from './user-sessions.ts';

/** A session as users and administrators see it: nothing in it opens anything. */
export interface SessionView {
  readonly sessionId: string;
  /** The name in the address of the issuer that it belongs to. */
  readonly alias: string;
  readonly startedAt: Date;
  readonly endsAt: Date | null;
  /** To within a tenth of the time that it may stay unused: as often as that it is noted. */
  readonly lastUsedAt: Date;
  /** When it ends unless it is used again; never after `endsAt`. */
  readonly idleEndsAt: Date | null;
  /** Whether the call that asks comes of this very session. */
  readonly current: boolean;
  readonly sourceIp: string;
  readonly userAgent: string | null;
  readonly apps: readonly { readonly clientId: string; readonly displayName: string }[];
}

function idleEndOf({ payload: { exp }, use }: SessionRecord): Date | null {
  const ends = [exp, use && use.at + use.idleSeconds].filter((end) => end !== undefined);
  return ends.length === 0 ? null : atSeconds(Math.min(...ends));
}

const atSeconds = (seconds: number): Date => new Date(seconds * 1000);

/** Apps that were removed meanwhile, and our own portal, are not named. */
export async function viewSessions(
  db: Database,
  { accountId, sessionId: currentId }: Pick<Caller, 'accountId' | 'sessionId'>,
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
      lastUsedAt: atSeconds(record.use?.at ?? loginTs),
      idleEndsAt: idleEndOf(record),
      current: logon.sessionId === currentId,
      sourceIp: logon.sourceIp,
      userAgent: logon.userAgent ?? null,
      apps: clientIdsOf(session).flatMap((clientId) => {
        const displayName = names.get(clientId);
        return displayName === undefined ? [] : [{ clientId, displayName }];
      }),
    };
  });
}
