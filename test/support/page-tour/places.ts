import { connectRelyingParty, type RelyingParty } from '../relying-party.ts';
import type { TestAccount } from '../test-account.ts';
import type { TestServer } from '../test-server.ts';

/** What a tour leads through: an account with everything that has a page, its own app, and one of others. */
export interface Places {
  readonly server: TestServer;
  readonly account: TestAccount;
  readonly app: RelyingParty;
  readonly thirdParty: RelyingParty;
  readonly close: () => Promise<void>;
}

export async function openPlaces(server: TestServer): Promise<Places> {
  const account = await server.account();
  await account.manage('PATCH /account', { helpText: 'Call 4711, or ask at the front desk.' });
  await account.manage('PATCH /account/security-preferences', {
    enableSaveMFATicket: true,
    allowUserToManageAccessKeys: true,
  });
  const [app, thirdParty] = await Promise.all([
    connectRelyingParty(account, { application: { displayName: 'Payroll' } }),
    connectRelyingParty(account, { application: { firstParty: false, displayName: 'Field Reports' } }),
  ]);
  const close = async () => void (await Promise.all([app.close(), thirdParty.close()]));
  return { server, account, app, thirdParty, close };
}
