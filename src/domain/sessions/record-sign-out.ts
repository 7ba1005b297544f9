import type { Database } from '../../storage/db/database.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { logonEvent } from '../logon/logon-event.ts';
import { findUser } from '../users/users-store.ts';

interface SignOut {
  readonly accountId: string;
  readonly userId: string;
  /** The applications of the session. */
  readonly apps: readonly string[];
  readonly sourceIp: string;
  readonly requestId: string;
}

/** Notes in the audit log that a user has signed out of a session. */
export async function recordSignOut(db: Database, { apps, ...signOut }: SignOut): Promise<void> {
  const user = await findUser(db, signOut.accountId, { userId: signOut.userId });
  await insertAuditEvent(db, { ...logonEvent({ ...signOut, user }, 'signOut'), outcome: 'success', details: { apps } });
}
