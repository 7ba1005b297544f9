import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newPrefixedId } from '../../../src/crypto/random-ids.ts';
import { type Application, insertApplication } from '../../../src/domain/applications/applications-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { deleteConsent, upsertConsent } from '../../../src/domain/consents/consents-store.ts';
import { listAppsToOpen } from '../../../src/domain/users/find-overview.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
let bob: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  bob = await newUser(harness.deps.db, account.accountId, 'bob');
});
afterAll(() => harness.close());

async function newApp(displayName: string, fields: Partial<Application> = {}) {
  const clientId = newPrefixedId('app');
  const { accountId } = account;
  await insertApplication(harness.deps.db, {
    ...{ clientId, accountId, displayName, type: 'web', redirectUris: [`https://${clientId.slice(4)}.example.com/cb`] },
    ...{ postLogoutRedirectUris: [], firstParty: true },
    ...fields,
  });
  return { clientId, home: `https://${clientId.slice(4)}.example.com/` };
}

const consentOf = ({ accountId, userId }: Caller, clientId: string) => ({ accountId, userId, clientId });
const allow = (user: Caller, clientId: string) =>
  upsertConsent(harness.deps.db, consentOf(user, clientId), { scopes: ['openid'] });
const appsOf = (user: Caller) => listAppsToOpen(harness.deps.db, user);
const namesOf = async (user: Caller) => (await appsOf(user)).map(({ displayName }) => displayName);

it("are the account's own and those that the user has consented to, and nobody else's", async () => {
  const own = await newApp('Payroll');
  const third = await newApp('Field Reports', { firstParty: false });
  await newApp('Never asked', { firstParty: false });
  const elsewhere = await newAccount(harness);
  await newApp('Foreign', { accountId: elsewhere.accountId });
  expect(await namesOf(alice)).toEqual(['Payroll']);
  await allow(alice, third.clientId);
  expect(await appsOf(alice)).toEqual([
    { displayName: 'Field Reports', home: third.home },
    { displayName: 'Payroll', home: own.home },
  ]);
  expect(await namesOf(bob)).toEqual(['Payroll']);
  await deleteConsent(harness.deps.db, consentOf(alice, third.clientId));
  expect(await namesOf(alice)).toEqual(['Payroll']);
});

it('are those with a home in the web alone: allowed or not, no native app and no service', async () => {
  await newApp('Console', { type: 'spa' });
  const native = { type: 'native' as const, redirectUris: ['http://127.0.0.1/callback'] };
  await newApp('Command line', native);
  await newApp('Nightly job', { type: 'service', redirectUris: [] });
  await newApp('Script', { redirectUris: ['javascript:alert(1)'] });
  const { clientId } = await newApp('Phone', { ...native, firstParty: false });
  await allow(alice, clientId);
  expect(await namesOf(alice)).toEqual(['Console']);
});

it('are not crowded out by apps that are none of them', async () => {
  for (let at = 0; at < 60; at += 1) {
    await newApp(`A native one ${at}`, { type: 'native', redirectUris: ['http://127.0.0.1/callback'] });
    await newApp(`A strange one ${at}`, { firstParty: false });
  }
  await newApp('Payroll');
  expect(await namesOf(alice)).toEqual(['Payroll']);
});
