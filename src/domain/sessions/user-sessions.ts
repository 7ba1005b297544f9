import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { listSessionLogons, type SessionLogon } from './session-index.ts';
import { type SessionRecord, sessionKey } from './session-records.ts';
import type { SessionOwner } from './sessions-store.ts';

/** A session that lasts, with the logon it came of. */
export interface LiveSession {
  readonly logon: SessionLogon;
  readonly record: SessionRecord;
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
