import type { Client } from 'oidc-provider';
import type { SendResult } from '../../domain/logout-deliveries/deliver.ts';
import type { DueDelivery } from '../../domain/logout-deliveries/deliveries-store.ts';
import type { Issuers } from './issuers.ts';
import { withRequestState } from './request-state.ts';
import { readSendFailure } from './send-failure.ts';

/** Sends an app a logout token made now (OpenID Connect Back-Channel Logout 1.0 section 2.5), whatever has become of the account meanwhile. */
export async function sendLogoutToken(
  issuers: Issuers,
  { accountId, issuerName, clientId, userId, sid }: DueDelivery,
): Promise<SendResult> {
  const issuer = await issuers.findForLogout(issuerName, accountId);
  if (issuer === undefined) return { outcome: 'pointless', error: 'issuer gone' };
  return await withRequestState(issuer.account, async () => {
    const client = await issuer.provider.Client.find(clientId);
    if (client?.backchannelLogoutUri === undefined) return { outcome: 'pointless', error: 'no address' };
    try {
      await engineSends(client, userId, sid);
      return { outcome: 'delivered' };
    } catch (error) {
      return readSendFailure(error);
    }
  });
}

type SendToApp = (this: Client, userId: string, sid: string) => Promise<void>;

/** The client's own method does nothing (`leaveTellingToTheEnd`); the engine's stands behind it. */
async function engineSends(client: Client, userId: string, sid: string): Promise<void> {
  const send = Reflect.get(Object.getPrototypeOf(client) as object, 'backchannelLogout') as SendToApp;
  await send.call(client, userId, sid);
}
