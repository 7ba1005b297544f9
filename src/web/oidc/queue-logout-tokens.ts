import type { Client } from 'oidc-provider';
import { insertLogoutDeliveries } from '../../domain/logout-deliveries/deliveries-store.ts';
import type { Database } from '../../storage/db/database.ts';
import { beginWrite, requestState } from './request-state.ts';

/** The engine's Client, as it is at run time: the types hide that it can be told of the end of a session. */
interface LogoutReceiver extends Client {
  backchannelLogout(userId: string, sid: string): Promise<void>;
}

interface QueueDeps {
  readonly db: Database;
  readonly accountId: string;
  readonly issuerName: string;
  readonly tellApps: () => void;
}

/**
 * Where the engine would send an app a logout token, one is noted to be sent: the sign-out waits for no app, and an app that is away, or a
 * process that dies, costs no app its token.
 */
export function queueLogoutTokens(client: Client, { db, accountId, issuerName, tellApps }: QueueDeps): void {
  const { clientId } = client;
  (client as LogoutReceiver).backchannelLogout = async (userId, sid) => {
    const noting = insertLogoutDeliveries(db, { accountId, issuerName, userId, apps: [{ clientId, sid }] });
    // The engine passes over its failure; the end of the session waits for it (`endOnceNoted`), and so does the answer.
    beginWrite(requestState(), noting);
    await noting;
    tellApps();
  };
}
