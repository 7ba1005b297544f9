import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { listSessionLogons, type SessionLogon } from './session-index.ts';
import { issuedKey, type SessionRecord, sessionKey } from './session-records.ts';
import type { SessionOwner } from './sessions-store.ts';

/** A session that lasts, with the logon it came of. */
export interface LiveSession {
  readonly logon: SessionLogon;
  readonly record: SessionRecord;
}

/** What was ended, for telling the apps of it (OpenID Connect Back-Channel Logout 1.0). */
export interface EndedSession {
  readonly issuerName: string;
  readonly userId: string;
  readonly apps: readonly { readonly clientId: string; readonly sid: string }[];
}

/** Sessions looked at together. */
const chunkSize = 50;

/** The sessions of these logons that still last, in the same order: at most `limit`, in small groups so that no more are read than needed. */
export async function findLiveSessions(
  ephemeral: EphemeralStore,
  owner: SessionOwner,
  { logons, limit }: { readonly logons: readonly SessionLogon[]; readonly limit: number },
): Promise<LiveSession[]> {
  const live: LiveSession[] = [];
  for (let from = 0; from < logons.length && live.length < limit; from += chunkSize) {
    const chunk = logons.slice(from, from + chunkSize);
    const found = await Promise.all(chunk.map((logon) => findLiveSession(ephemeral, owner, logon)));
    live.push(...found.filter((session) => session !== undefined));
  }
  return live.slice(0, limit);
}

/** The session of a logon, unless it has ended or somebody else has logged on in it. */
async function findLiveSession(
  ephemeral: EphemeralStore,
  owner: SessionOwner,
  logon: SessionLogon,
): Promise<LiveSession | undefined> {
  const raw = await ephemeral.get(sessionKey(logon.issuerName, logon.sessionId));
  if (raw === undefined) return undefined;
  const record = JSON.parse(raw) as SessionRecord;
  const [accountEpoch, userEpoch] = record.epochs;
  const isTheirs = record.payload.accountId === owner.userId;
  return isTheirs && accountEpoch === owner.accountEpoch && userEpoch === owner.userEpoch
    ? { logon, record }
    : undefined;
}

/** The session of that id; undefined where the user has none. */
export async function findSessionById(
  ephemeral: EphemeralStore,
  owner: SessionOwner,
  sessionId: string,
): Promise<LiveSession | undefined> {
  const logons = (await listSessionLogons(ephemeral, owner)).filter((logon) => logon.sessionId === sessionId);
  return (await findLiveSessions(ephemeral, owner, { logons, limit: 1 }))[0];
}

/** Everything a user is signed in to. */
export async function findAllSessions(ephemeral: EphemeralStore, owner: SessionOwner): Promise<LiveSession[]> {
  const logons = await listSessionLogons(ephemeral, owner);
  return await findLiveSessions(ephemeral, owner, { logons, limit: logons.length });
}

/**
 * Ends a session: its record goes, which no request in flight brings back (sessions are written by compare-and-set), and with it what was
 * granted to its apps, but for offline access.
 */
export async function endSession(
  ephemeral: EphemeralStore,
  owner: SessionOwner,
  { logon: { issuerName, sessionId }, record }: LiveSession,
): Promise<EndedSession> {
  await ephemeral.delete(sessionKey(issuerName, sessionId));
  const authorizations = Object.entries(record.payload.authorizations ?? {});
  await Promise.all(
    authorizations.map(async ([, { grantId, persistsLogout }]) => {
      if (grantId !== undefined && persistsLogout !== true)
        await ephemeral.delete(issuedKey(issuerName, 'Grant', grantId));
    }),
  );
  const apps = authorizations.flatMap(([clientId, { sid }]) => (sid === undefined ? [] : [{ clientId, sid }]));
  return { issuerName, userId: owner.userId, apps };
}
