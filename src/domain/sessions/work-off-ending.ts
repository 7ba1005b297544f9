import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { listAliases } from '../accounts/aliases-store.ts';
import { inGroups } from '../in-groups.ts';
import { endSession } from './end-session.ts';
import { deleteSessionEnding, prolongSessionEnding, type SessionEnding } from './session-endings-store.ts';
import { listSessionLogons } from './session-index.ts';
import type { SessionRecord } from './session-records.ts';
import { findSessionOwner, listUserIds, type SessionOwner } from './sessions-store.ts';

interface EndingDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
}

/** Users of an account looked at before the order is prolonged. */
const pageSize = 100;

/**
 * Works off an order: every session that died with the raised epoch (with its user, with the name of its issuer) has its apps noted for a
 * logout token, and its record and all grants of it removed. Sessions that began afterwards stay. Broken off anywhere, or told to end by the
 * signal, the order is still there and is worked off again.
 */
export async function workOffEnding(deps: EndingDeps, order: SessionEnding, signal: AbortSignal): Promise<void> {
  const { sessionEndingId, accountId, userId } = order;
  if (userId !== null) await endDeadSessions(deps, { accountId, userId }, new Set());
  else if (!(await endDeadSessionsOfAll(deps, order, signal))) return;
  await deleteSessionEnding(deps.db, sessionEndingId);
}

/** Answers whether everybody's were dealt with. */
async function endDeadSessionsOfAll(
  deps: EndingDeps,
  { accountId, sessionEndingId }: SessionEnding,
  signal: AbortSignal,
): Promise<boolean> {
  const released = await listReleasedNames(deps.db, accountId);
  let afterId = '';
  while (!signal.aborted) {
    const userIds = await listUserIds(deps.db, accountId, { afterId, limit: pageSize });
    await inGroups(userIds, (userId) => endDeadSessions(deps, { accountId, userId }, released));
    if (userIds.length < pageSize) return true;
    afterId = userIds.at(-1) ?? afterId;
    await prolongSessionEnding(deps.db, sessionEndingId);
  }
  return false;
}

async function endDeadSessions(
  deps: EndingDeps,
  user: { readonly accountId: string; readonly userId: string },
  released: ReadonlySet<string>,
): Promise<void> {
  const logons = await listSessionLogons(deps.ephemeral, user);
  if (logons.length === 0) return;
  const owner = await findSessionOwner(deps.db, user.accountId, { userId: user.userId });
  await inGroups(logons, async (logon) => {
    const isMeant = (record: SessionRecord): boolean => released.has(logon.issuerName) || isDead(record, owner);
    await endSession(deps, user, logon, { isMeant, offlineToo: true });
  });
}

/** Names of the account that are no issuers any more: whatever sessions began there are dead. */
async function listReleasedNames(db: Database, accountId: string): Promise<ReadonlySet<string>> {
  const names = await listAliases(db, accountId);
  return new Set(names.flatMap(({ alias, state }) => (state === 'released' ? [alias] : [])));
}

/** Epochs only rise: a session of a later one than we know began after we looked. */
function isDead({ epochs: [accountEpoch, userEpoch] }: SessionRecord, owner: SessionOwner | undefined): boolean {
  return owner === undefined || accountEpoch < owner.accountEpoch || (userEpoch ?? 0) < owner.userEpoch;
}
