import type { Caller } from '../../domain/caller.ts';
import { sessionIdOf } from '../../domain/sessions/session-records.ts';
import type { UserRow } from '../../domain/users/users-store.ts';
import type { RequestInfo } from '../http/request-info.ts';
import type { SignedInSession } from '../oidc/browser-session.ts';
import { readLevel, satisfies } from '../oidc/levels.ts';

interface SessionRequest {
  readonly session: SignedInSession;
  readonly user: UserRow;
  readonly info: RequestInfo;
  readonly https: boolean;
  /** Of the device tokens that the browser brings. */
  readonly deviceTokenHashes: readonly string[];
}

/** Somebody who calls operations through the pages, with all that their own policies allow. */
export const sessionCaller = ({ session, user, info, https, deviceTokenHashes }: SessionRequest): Caller => ({
  accountId: user.accountId,
  userId: user.userId,
  userName: user.userName,
  userRevision: user.revision,
  via: 'session',
  sessionId: sessionIdOf(session.uid),
  deviceTokenHashes,
  sourceIp: info.sourceIp,
  requestId: info.requestId,
  mfaPresent: satisfies(readLevel(session.acr), 'urn:postern:acr:mfa'),
  secureTransport: https,
  apiAccess: 'full',
});
