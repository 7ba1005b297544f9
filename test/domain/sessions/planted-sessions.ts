import { eq } from 'drizzle-orm';
import type { Caller } from '../../../src/domain/caller.ts';
import type { OperationDeps } from '../../../src/domain/operation.ts';
import { noteSessionLogon } from '../../../src/domain/sessions/session-index.ts';
import {
  issuedKey,
  sessionIdOf,
  sessionKey,
  type SessionRecord,
} from '../../../src/domain/sessions/session-records.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import { applications } from '../../../src/storage/db/schema/applications.ts';
import { logoutDeliveries } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { users } from '../../../src/storage/db/schema/users.ts';

type Stores = Pick<OperationDeps, 'db' | 'ephemeral'>;

/** An application with an address for logout tokens, unless it shall have none. */
export async function plantApp(
  { db }: Stores,
  accountId: string,
  clientId: string,
  backchannelLogoutUri: string | null = `https://${clientId.replaceAll('_', '-')}.example.com/logout`,
): Promise<string> {
  const lists = { redirectUris: [], postLogoutRedirectUris: [] };
  await db
    .insert(applications)
    .values({ clientId, accountId, displayName: clientId, type: 'web', ...lists, backchannelLogoutUri });
  return clientId;
}

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

interface Planted {
  readonly sessionId: string;
  readonly key: string;
}

/** What an issuer leaves in the store when somebody logs on, with the epochs there are now. */
export async function plantSession(
  { db, ephemeral }: Stores,
  { issuerName, user, uid }: { readonly issuerName: string; readonly user: Caller; readonly uid: string },
  changes: Partial<SessionRecord['payload']> = {},
): Promise<Planted> {
  const { accountId, userId } = user;
  const [epochs] = await db
    .select({ account: accounts.epoch, user: users.epoch })
    .from(users)
    .innerJoin(accounts, eq(accounts.accountId, users.accountId))
    .where(eq(users.userId, userId));
  const startedAt = nowInSeconds();
  const payload = { uid, accountId: userId, loginTs: startedAt, exp: startedAt + 3600, ...changes };
  const record = { epochs: [epochs?.account ?? 1, epochs?.user ?? 1, null], payload } satisfies SessionRecord;
  const sessionId = sessionIdOf(uid);
  const key = sessionKey(issuerName, sessionId);
  await ephemeral.set(key, JSON.stringify(record), 3600);
  const logon = { issuerName, sessionId, startedAt: payload.loginTs, sourceIp: '192.0.2.7', userAgent: undefined };
  await noteSessionLogon(ephemeral, { accountId, userId }, logon);
  return { sessionId, key };
}

/** Grants as an issuer stores them; answers where. */
export async function plantGrants({ ephemeral }: Stores, issuerName: string, ids: readonly string[]) {
  const keys = ids.map((id) => issuedKey(issuerName, 'Grant', id));
  for (const key of keys) await ephemeral.set(key, 'granted', 3600);
  return keys;
}

/** Which apps are to be told of which end, by `sid`. */
export async function notedDeliveries({ db }: Stores, accountId: string) {
  const { issuerName, clientId, userId, sid, status } = logoutDeliveries;
  return await db
    .select({ issuerName, clientId, userId, sid, status })
    .from(logoutDeliveries)
    .where(eq(logoutDeliveries.accountId, accountId))
    .orderBy(sid);
}
