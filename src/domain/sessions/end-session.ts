import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { insertLogoutDeliveries } from '../logout-deliveries/deliveries-store.ts';
import type { SessionLogon } from './session-index.ts';
import { issuedKey, type SessionRecord, sessionKey } from './session-records.ts';

interface EndingDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
}

interface Ending {
  /** Whether a session that the user is found in is to end. */
  readonly isMeant: (record: SessionRecord) => boolean;
  /** Whether what was granted for offline access ends with it. */
  readonly offlineToo: boolean;
}

/** Nobody's: a request that still has the session in hand finds that it belongs to somebody else, and does not bring it back. */
const nobodysRecord = JSON.stringify({ epochs: [0, 0, null], payload: { accountId: '-' } } satisfies SessionRecord);

/** Until it is gone altogether. */
const nobodysSeconds = 60;

/** A session that changes each time we look is ended all the same. */
const mostLooks = 8;

/**
 * Ends a session: notes which apps are to be told, takes back what was granted to them, and only then lets its record go, so that whoever dies
 * in between can be made up for. An app that is added to it meanwhile is told too. A session that is gone, or in which somebody else has
 * logged on, is left alone. The deliveries are made by whoever is nudged.
 */
export async function endSession(
  { db, ephemeral }: EndingDeps,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
  { issuerName, sessionId }: Pick<SessionLogon, 'issuerName' | 'sessionId'>,
  { isMeant, offlineToo }: Ending,
): Promise<void> {
  const key = sessionKey(issuerName, sessionId);
  const told = new Set<string>();
  for (let look = 1; look <= mostLooks; look += 1) {
    const text = await ephemeral.get(key);
    if (text === undefined) return;
    const record = JSON.parse(text) as SessionRecord;
    if (record.payload.accountId !== userId || !isMeant(record)) return;
    const apps = appsOf(record).filter(({ sid }) => !told.has(sid));
    await insertLogoutDeliveries(db, { accountId, issuerName, userId, apps });
    for (const { sid } of apps) told.add(sid);
    await deleteGrants(ephemeral, issuerName, grantsOf(record, offlineToo));
    if (await ephemeral.compareAndSet(key, text, nobodysRecord, nobodysSeconds)) break;
  }
  await ephemeral.delete(key);
}

const authorizationsOf = ({ payload }: SessionRecord) => Object.entries(payload.authorizations ?? {});

const appsOf = (record: SessionRecord): { readonly clientId: string; readonly sid: string }[] =>
  authorizationsOf(record).flatMap(([clientId, { sid }]) => (sid === undefined ? [] : [{ clientId, sid }]));

const grantsOf = (record: SessionRecord, offlineToo: boolean): string[] =>
  authorizationsOf(record).flatMap(([, { grantId, persistsLogout }]) =>
    grantId === undefined || (persistsLogout === true && !offlineToo) ? [] : [grantId],
  );

async function deleteGrants(ephemeral: EphemeralStore, issuerName: string, grantIds: readonly string[]): Promise<void> {
  await Promise.all(grantIds.map((grantId) => ephemeral.delete(issuedKey(issuerName, 'Grant', grantId))));
}
