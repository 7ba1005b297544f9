import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPrefixedId } from '../../../src/crypto/random-ids.ts';
import { insertApplication } from '../../../src/domain/applications/applications-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { deleteConsent, listConsents } from '../../../src/domain/consents/consent-operations.ts';
import { noteConsentedGrant } from '../../../src/domain/consents/consented-grants.ts';
import { findConsent, upsertConsent } from '../../../src/domain/consents/consents-store.ts';
import { deleteOwnConsent, listOwnConsents } from '../../../src/domain/consents/own-consents.ts';
import { performCall, performOperation } from '../../../src/domain/operation.ts';
import { issuedKey } from '../../../src/domain/sessions/session-records.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());

async function newApplication(displayName: string, { accountId } = account): Promise<string> {
  const row = await insertApplication(harness.deps.db, {
    ...{ clientId: newPrefixedId('app'), accountId, displayName, type: 'web' },
    ...{ redirectUris: ['https://app.example.com/'], postLogoutRedirectUris: [] },
  });
  if (row === undefined) throw new Error('no application');
  return row.clientId;
}

interface Held {
  readonly user: Caller;
  readonly clientId: string;
  /** Where the grant stands in the short-lived store. */
  readonly grantKey: string;
}

/** A user who allowed an application something, on which a grant rests. */
async function consented(user: Caller, clientId: string, issuerName = 'acme'): Promise<Held> {
  const { accountId, userId } = user;
  const { db, ephemeral } = harness.deps;
  const grantId = newPrefixedId('g');
  const grantKey = issuedKey(issuerName, 'Grant', grantId);
  await upsertConsent(db, { accountId, userId, clientId }, { scopes: ['openid', 'email'] });
  await ephemeral.set(grantKey, '{}', 600);
  await noteConsentedGrant(ephemeral, { accountId, userId, clientId }, { issuerName, grantId, ttlSeconds: 600 });
  return { user, clientId, grantKey };
}

const isHeld = async ({ user, clientId, grantKey }: Held) => ({
  consent: (await findConsent(harness.deps.db, user.userId, clientId)) !== undefined,
  grant: (await harness.deps.ephemeral.get(grantKey)) !== undefined,
});

const lasting = { consent: true, grant: true };
const over = { consent: false, grant: false };

let users = 0;
const someUser = (): Promise<Caller> => {
  users += 1;
  return newUser(harness.deps.db, account.accountId, `user${users}`);
};

it('lists by the names of the applications, of the user alone', async () => {
  const [user, other] = [await someUser(), await someUser()];
  const [second, first] = [await newApplication('Zebra'), await newApplication('Ant')];
  for (const clientId of [second, first]) await consented(user, clientId);
  await consented(other, await newApplication('Theirs'));
  const own = await performOperation(harness.deps, user, listOwnConsents, {});
  expect(own.items.map(({ displayName, scopes }) => [displayName, scopes])).toEqual([
    ['Ant', ['openid', 'email']],
    ['Zebra', ['openid', 'email']],
  ]);
  const { userName } = user;
  expect(await performOperation(harness.deps, account.admin, listConsents, { userName })).toEqual(own);
});

it('ends the grants at every alias, and those of nobody and nothing else', async () => {
  const [user, other] = [await someUser(), await someUser()];
  const [clientId, kept] = [await newApplication('App'), await newApplication('Kept')];
  const [held, elsewhere] = [await consented(user, clientId), await consented(user, clientId, 'acme-old')];
  const [others, theirs] = [await consented(user, kept), await consented(other, clientId)];
  await performOperation(harness.deps, user, deleteOwnConsent, { clientId });
  expect([await isHeld(held), await isHeld(elsewhere)]).toEqual([over, over]);
  expect([await isHeld(others), await isHeld(theirs)]).toEqual([lasting, lasting]);
  const [event] = (await eventsOf(harness.deps.db, account.accountId)).slice(-1);
  expect(event).toMatchObject({ action: 'ram:DeleteConsent', outcome: 'success', details: { clientId } });
});

it('an administrator does the same for a user, and needs the right to', async () => {
  const [user, other] = [await someUser(), await someUser()];
  const clientId = await newApplication('App');
  const held = await consented(user, clientId);
  const input = { userName: user.userName, clientId };
  expect(await refusal(performOperation(harness.deps, other, deleteConsent, input))).toMatchObject({
    code: 'NoPermission',
  });
  expect(await refusal(performOperation(harness.deps, other, listConsents, { userName: user.userName }))).toMatchObject(
    { code: 'NoPermission' },
  );
  expect(await isHeld(held)).toEqual(lasting);
  await performOperation(harness.deps, account.admin, deleteConsent, input);
  expect(await isHeld(held)).toEqual(over);
});

it('a second withdrawal, another user and an application of another account are refused', async () => {
  const [user, other] = [await someUser(), await someUser()];
  const clientId = await newApplication('App');
  const theirs = await consented(other, clientId);
  const own = await consented(user, clientId);
  await performOperation(harness.deps, user, deleteOwnConsent, { clientId });
  for (const attempt of [
    performOperation(harness.deps, user, deleteOwnConsent, { clientId }),
    performOperation(harness.deps, user, deleteOwnConsent, { clientId: newPrefixedId('app') }),
  ])
    expect((await refusal(attempt)).code).toBe('EntityNotExist.User.Consent');
  const elsewhere = await newAccount(harness);
  const attempt = performOperation(harness.deps, elsewhere.admin, deleteConsent, {
    ...{ userName: other.userName, clientId },
  });
  expect((await refusal(attempt)).code).toBe('EntityNotExist.User');
  expect([await isHeld(theirs), await isHeld(own)]).toEqual([lasting, over]);
});

it('of racing withdrawals one is told that it did it', async () => {
  const user = await someUser();
  const held = await consented(user, await newApplication('App'));
  const { clientId } = held;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 6 }, () => performOperation(harness.deps, user, deleteOwnConsent, { clientId })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await isHeld(held)).toEqual(over);
});

it('a process that dies before the consent is gone leaves the app nothing, and the user something to withdraw', async () => {
  const user = await someUser();
  const held = await consented(user, await newApplication('App'));
  const { clientId } = held;
  const dying = performCall(harness.deps, deleteOwnConsent, {
    ...{ caller: user, rawInput: { clientId } },
    around: async (_context, act) => {
      await act();
      throw new Error('the process dies here');
    },
  });
  await expect(dying).rejects.toThrow('dies here');
  expect(await isHeld(held)).toEqual({ consent: true, grant: false });
  await performOperation(harness.deps, user, deleteOwnConsent, { clientId });
  expect(await isHeld(held)).toEqual(over);
});

it('a token that may only read withdraws nothing', async () => {
  const user = await someUser();
  const held = await consented(user, await newApplication('App'));
  const reader: Caller = { ...user, apiAccess: 'read' };
  const attempt = performOperation(harness.deps, reader, deleteOwnConsent, { clientId: held.clientId });
  expect((await refusal(attempt)).code).toBe('NoPermission');
  expect(await isHeld(held)).toEqual(lasting);
});
