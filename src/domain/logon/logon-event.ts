import type { AuditEvent } from '../audit/audit-store.ts';
import { userResource } from '../users/user-resource.ts';
import type { LogonUser } from './logon-store.ts';

/** Who does something to their own account in a logon, as the audit log tells it. */
export interface LogonActor {
  readonly user: LogonUser;
  /** The epoch at which this logon began: if it has risen, whatever was proved is void. */
  readonly userEpoch: number;
  readonly sourceIp: string;
  readonly requestId: string;
}

interface LogonSource {
  readonly accountId: string;
  /** Undefined where nobody has the typed name, which is then not noted: people type passwords into the wrong field. */
  readonly user: Pick<LogonUser, 'userId' | 'userName'> | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
}

/** The audit entry of a logon, or of something done in one, but for its outcome. */
export const logonEvent = (
  { accountId, user, sourceIp, requestId }: LogonSource,
  action: string,
): Omit<AuditEvent, 'outcome' | 'details'> => ({
  accountId,
  actorUserId: user?.userId,
  actorVia: 'logon',
  sourceIp,
  requestId,
  action,
  resource: userResource(user?.userName ?? '*', { accountId }),
});

/** The same for a logon whose user is known. */
export const actorEvent = (actor: Omit<LogonActor, 'userEpoch'>, action: string) =>
  logonEvent({ ...actor, accountId: actor.user.accountId }, action);
