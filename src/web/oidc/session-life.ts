import type { SessionUse } from '../../domain/sessions/session-records.ts';

/** How long sessions of an account last, in seconds: from the logon on, and from one use to the next. */
export interface SessionLife {
  readonly absoluteSeconds: number;
  readonly idleSeconds: number;
}

/** A session is prolonged once in this part of its idle limit, so that using it costs no write each time. */
const prolongedOncePer = 1 / 10;

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * Whether using a session now has to prolong it: it was not for a tenth of its limit, or under another one. Our clock decides only when to
 * write; how long the session lasts is up to the store's. A time ahead of ours (another process's clock) is looked at like one behind it.
 */
export const isProlongingDue = (use: SessionUse | undefined, { idleSeconds }: SessionLife, now: number): boolean =>
  use?.idleSeconds !== idleSeconds || Math.abs(now - use.at) >= idleSeconds * prolongedOncePer;

/** For how long the record of a session stands from now on, in seconds, where `absoluteSeconds` are left of it at most. */
export const recordSeconds = (absoluteSeconds: number, { idleSeconds }: SessionLife): number =>
  Math.max(1, Math.min(absoluteSeconds, idleSeconds));
