import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';

/** A logon that a session came of, as its user's index keeps it. */
export interface SessionLogon {
  readonly issuerName: string;
  readonly sessionId: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

interface UserReference {
  readonly accountId: string;
  readonly userId: string;
}

/** The longest that a session can last (RAM: LoginSessionDuration, at most 24 hours). */
const longestSessionSeconds = 86_400;

const shownUserAgentLength = 256;

/** A new set each day, so that the set of a user who logs on all the time does not grow for ever. */
const indexKey = ({ accountId, userId }: UserReference, day: number): string =>
  `sessions:${accountId}:${userId}:${day}`;

const dayOf = (seconds: number): number => Math.floor(seconds / longestSessionSeconds);

/** Notes a logon for the lists of its user's sessions. Once for each logon; nothing is written while the session is used. */
export async function noteSessionLogon(
  ephemeral: EphemeralStore,
  user: UserReference,
  { userAgent, ...logon }: SessionLogon,
): Promise<void> {
  const member = JSON.stringify({ ...logon, userAgent: userAgent?.slice(0, shownUserAgentLength) });
  // The day it is noted, not the day of the logon: a logon may be older than the session that came of it.
  await ephemeral.addToIndex(indexKey(user, dayOf(Date.now() / 1000)), member, longestSessionSeconds);
}

/** The logons of a user whose sessions may still last, the latest of each session, newest first. */
export async function listSessionLogons(ephemeral: EphemeralStore, user: UserReference): Promise<SessionLogon[]> {
  const today = dayOf(Date.now() / 1000);
  // A process whose clock runs ahead may have begun tomorrow's.
  const sets = await Promise.all([today - 1, today, today + 1].map((day) => ephemeral.listIndex(indexKey(user, day))));
  const logons = sets.flat().map((member) => JSON.parse(member) as SessionLogon);
  const latest = new Map<string, SessionLogon>();
  for (const logon of logons.toSorted((left, right) => left.startedAt - right.startedAt))
    latest.set(`${logon.issuerName} ${logon.sessionId}`, logon);
  return [...latest.values()].toSorted(
    (left, right) => right.startedAt - left.startedAt || right.sessionId.localeCompare(left.sessionId, 'en'),
  );
}
