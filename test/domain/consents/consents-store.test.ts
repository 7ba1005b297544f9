import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPrefixedId } from '../../../src/crypto/random-ids.ts';
import { findConsent, upsertConsent } from '../../../src/domain/consents/consents-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { insertApplication } from '../../../src/domain/applications/applications-store.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
let bob: Caller;
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  bob = await newUser(harness.deps.db, account.accountId, 'bob');
});
afterAll(() => harness.close());

async function newApplication(): Promise<string> {
  const row = await insertApplication(harness.deps.db, {
    clientId: newPrefixedId('app'),
    accountId: account.accountId,
    displayName: 'App',
    type: 'web',
    redirectUris: ['https://app.example.com/'],
    postLogoutRedirectUris: [],
  });
  if (row === undefined) throw new Error('no application');
  return row.clientId;
}
const allow = (clientId: string, scopes: string[], { accountId, userId }: Caller = alice) =>
  upsertConsent(harness.deps.db, { accountId, userId, clientId }, { scopes });
const find = (clientId: string, { userId }: Caller = alice) => findConsent(harness.deps.db, userId, clientId);

it('what one user allowed one application is neither of another user nor of another application', async () => {
  const [first, second] = [await newApplication(), await newApplication()];
  await allow(first, ['openid']);
  expect(await find(first)).toEqual({ scopes: ['openid'] });
  expect([await find(first, bob), await find(second)]).toEqual([undefined, undefined]);
});

it('the latest word holds, and of racing ones one whole', async () => {
  const clientId = await newApplication();
  const wishes = Array.from({ length: 8 }, (_, i) => ['openid', `scope-${i}`]);
  await Promise.all(wishes.map((scopes) => allow(clientId, scopes)));
  expect(wishes).toContainEqual((await find(clientId))?.scopes);
  await allow(clientId, ['openid']);
  expect((await find(clientId))?.scopes).toEqual(['openid']);
});

it('goes with its user', async () => {
  const clientId = await newApplication();
  const carol = await newUser(harness.deps.db, account.accountId, 'carol');
  await allow(clientId, ['openid'], carol);
  await performOperation(harness.deps, account.admin, deleteUser, { user: { userName: 'carol' }, cascade: true });
  expect(await find(clientId, carol)).toBeUndefined();
});
