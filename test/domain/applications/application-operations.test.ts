import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newPrefixedId } from '../../../src/crypto/random-ids.ts';
import { hashToken } from '../../../src/crypto/tokens.ts';
import {
  createApplicationSecret,
  deleteApplicationSecret,
  listApplicationSecrets,
} from '../../../src/domain/applications/application-secrets.ts';
import { findApplication, listApplicationSecretHashes } from '../../../src/domain/applications/applications-store.ts';
import { createApplication } from '../../../src/domain/applications/create-application.ts';
import { deleteApplication } from '../../../src/domain/applications/delete-application.ts';
import { getApplication } from '../../../src/domain/applications/get-application.ts';
import { listApplications } from '../../../src/domain/applications/list-applications.ts';
import { updateApplication } from '../../../src/domain/applications/update-application.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { applicationSecrets, applications } from '../../../src/storage/db/schema/applications.ts';
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
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
});

const perform = <Input, Prepared, Output>(
  operation: Operation<Input, Prepared, Output>,
  input: unknown,
  caller: Caller = account.admin,
) => performOperation(harness.deps, caller, operation, input);

const wiki = { displayName: 'Wiki', type: 'web', redirectUris: ['https://wiki.example.com/cb'] };
const createWiki = (changes: object = {}) => perform(createApplication, { ...wiki, ...changes });
const rowOf = (clientId: string) => findApplication(harness.deps.db, clientId);
const secretRows = (clientId: string) =>
  harness.deps.db.select().from(applicationSecrets).where(eq(applicationSecrets.clientId, clientId));

test('an application that can keep a secret gets one, shown once and stored as a hash alone', async () => {
  const { application, clientSecret = '' } = await createWiki();
  expect(clientSecret).toMatch(/^psec_[A-Za-z0-9_-]{43}$/);
  expect(await listApplicationSecretHashes(harness.deps.db, application.clientId)).toEqual([hashToken(clientSecret)]);
  const stored = JSON.stringify([
    await rowOf(application.clientId),
    await secretRows(application.clientId),
    await eventsOf(harness.deps.db, account.accountId),
  ]);
  expect(stored).not.toContain(clientSecret.slice('psec_'.length));
  const shown = JSON.stringify([
    await perform(getApplication, { clientId: application.clientId }),
    await perform(listApplicationSecrets, { clientId: application.clientId }),
  ]);
  expect(shown).not.toContain(hashToken(clientSecret));
});

test.each(['spa', 'native'])('a public client (%s) has no secret and gets none', async (type) => {
  const created = await createWiki({ type });
  expect(created).not.toHaveProperty('clientSecret');
  const { clientId } = created.application;
  expect((await refusal(perform(createApplicationSecret, { clientId, options: {} }))).code).toBe('InvalidParameter');
  expect(await secretRows(clientId)).toEqual([]);
});

test('a refused application leaves no row behind', async () => {
  const error = await refusal(createWiki({ redirectUris: ['javascript:alert(1)'] }));
  expect(error.faults).toEqual([expect.objectContaining({ pointer: '/redirectUris/0' })]);
  expect(await harness.deps.db.$count(applications, eq(applications.accountId, account.accountId))).toBe(0);
});

test('a caller without policies may do nothing to applications', async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  const nobody = await newUser(harness.deps.db, account.accountId, 'nobody');
  const secrets = await secretRows(clientId);
  const attempts: readonly (readonly [Operation<never, never, unknown>, unknown])[] = [
    [createApplication as never, wiki],
    [getApplication as never, { clientId }],
    [listApplications as never, {}],
    [updateApplication as never, { clientId, changes: { displayName: 'Mine' } }],
    [deleteApplication as never, { clientId }],
    [createApplicationSecret as never, { clientId, options: {} }],
    [listApplicationSecrets as never, { clientId }],
    [deleteApplicationSecret as never, { clientId, secretId: secrets[0]?.secretId }],
  ];
  for (const [operation, input] of attempts) {
    expect((await refusal(perform(operation, input, nobody))).code).toBe('NoPermission');
  }
  expect(await harness.deps.db.$count(applications, eq(applications.accountId, account.accountId))).toBe(1);
  expect(await rowOf(clientId)).toMatchObject({ displayName: 'Wiki', revision: 1 });
  expect(await secretRows(clientId)).toEqual(secrets);
});

test("another account's application is absent for every operation", async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  const [secret] = await secretRows(clientId);
  const { admin: stranger } = await newAccount(harness);
  const attempts: readonly Promise<unknown>[] = [
    perform(getApplication, { clientId }, stranger),
    perform(updateApplication, { clientId, changes: { displayName: 'Mine' } }, stranger),
    perform(deleteApplication, { clientId }, stranger),
    perform(createApplicationSecret, { clientId, options: { removeOthers: true } }, stranger),
    perform(listApplicationSecrets, { clientId }, stranger),
    perform(deleteApplicationSecret, { clientId, secretId: secret?.secretId }, stranger),
  ];
  for (const attempt of attempts) expect((await refusal(attempt)).code).toBe('EntityNotExist.Application');
  expect((await perform(listApplications, {}, stranger)).items).toEqual([]);
  expect(await rowOf(clientId)).toMatchObject({ displayName: 'Wiki', revision: 1 });
  expect(await secretRows(clientId)).toHaveLength(1);
});

test('an update changes what it names and nothing else, and raises the revision', async () => {
  const { application } = await createWiki({ backchannelLogoutUri: 'https://wiki.example.com/out' });
  const { clientId } = application;
  const changed = await perform(updateApplication, { clientId, changes: { displayName: 'Handbook' } });
  expect(changed).toEqual({ ...application, displayName: 'Handbook', updatedAt: changed.updatedAt });
  const cleared = await perform(updateApplication, { clientId, changes: { backchannelLogoutUri: null } });
  expect(cleared.backchannelLogoutUri).toBeNull();
  expect(await rowOf(clientId)).toMatchObject({ revision: 3, epoch: 1 });
});

test('an update is checked with the type that the application has', async () => {
  const { application } = await createWiki({ type: 'spa' });
  const { clientId } = application;
  const error = await refusal(
    perform(updateApplication, { clientId, changes: { redirectUris: [], resourceServer: true } }),
  );
  expect(error.faults.map(({ pointer }) => pointer).sort()).toEqual([
    '/changes/redirectUris',
    '/changes/resourceServer',
  ]);
  expect((await refusal(perform(updateApplication, { clientId, changes: { type: 'web' } }))).code).toBe(
    'InvalidParameter',
  );
  expect(await rowOf(clientId)).toMatchObject({ type: 'spa', revision: 1, redirectUris: wiki.redirectUris });
});

test.each([
  ['full', 'read', 2],
  ['full', 'none', 2],
  ['read', 'none', 2],
  ['none', 'full', 1],
  ['read', 'read', 1],
] as const)('going from API access %s to %s leaves the epoch at %i', async (before, after, epoch) => {
  const { application } = await createWiki({ apiAccess: before });
  await perform(updateApplication, { clientId: application.clientId, changes: { apiAccess: after } });
  expect(await rowOf(application.clientId)).toMatchObject({ apiAccess: after, epoch });
});

test('API access and first party ask for actions of their own, taking them away does not', () => {
  const clientId = 'app_00000000000000000000';
  const actionsOf = (changes: object) =>
    updateApplication.alsoRequires?.({ clientId, changes }, account.admin).map(({ action }) => action);
  expect(actionsOf({ apiAccess: 'read', firstParty: true })).toEqual([
    'ram:GrantApplicationApiAccess',
    'ram:GrantApplicationFirstParty',
  ]);
  expect(actionsOf({ apiAccess: 'none', firstParty: false, displayName: 'x' })).toEqual([]);
});

test.each([
  ['first party', { firstParty: true }],
  ['API access', { apiAccess: 'read' }],
])('whoever may not grant %s may not add an address to an application that has it', async (_name, right) => {
  const { application } = await createWiki(right);
  const { clientId } = application;
  const nobody = await newUser(harness.deps.db, account.accountId, 'nobody');
  // Past the check of the operation's own action, which somebody without the grants would pass by a policy.
  const update = (redirectUris: string[]) =>
    updateApplication.perform({ ...harness.deps, caller: nobody }, { clientId, changes: { redirectUris } }, undefined);
  const more = [...wiki.redirectUris, 'https://evil.example/cb'];
  expect((await refusal(update(more))).code).toBe('NoPermission');
  expect(await rowOf(clientId)).toMatchObject({ redirectUris: wiki.redirectUris, revision: 1 });
  await update(wiki.redirectUris);
  await perform(updateApplication, { clientId, changes: { redirectUris: more } });
  expect(await rowOf(clientId)).toMatchObject({ redirectUris: more });
});

test('the limit of applications holds against racing callers', async () => {
  const { accountId } = account;
  const row = { accountId, displayName: 'x', type: 'service' } as const;
  const rows = Array.from({ length: 498 }, () => ({
    ...row,
    clientId: newPrefixedId('app'),
    redirectUris: [],
    postLogoutRedirectUris: [],
  }));
  await harness.deps.db.insert(applications).values(rows);
  const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => createWiki()));
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect((await refusal(createWiki())).code).toBe('LimitExceeded.Application');
  expect(await harness.deps.db.$count(applications, eq(applications.accountId, accountId))).toBe(500);
});

test('of racing secrets no more than the limit are made, and each raises the revision', async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  const attempts = await Promise.allSettled(
    Array.from({ length: 8 }, () => perform(createApplicationSecret, { clientId, options: {} })),
  );
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  expect(await secretRows(clientId)).toHaveLength(5);
  expect(await rowOf(clientId)).toMatchObject({ revision: 5 });
});

test('a secret replaces the others at once when that is asked for', async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  const { clientSecret, secret } = await perform(createApplicationSecret, {
    clientId,
    options: { removeOthers: true },
  });
  expect(await listApplicationSecretHashes(harness.deps.db, clientId)).toEqual([hashToken(clientSecret)]);
  expect((await perform(listApplicationSecrets, { clientId })).items).toEqual([secret]);
});

test('a deleted secret is gone and the revision rises; one of another application stays', async () => {
  const { application } = await createWiki();
  const { application: other } = await createWiki();
  const { clientId } = application;
  const [foreign] = await secretRows(other.clientId);
  expect((await refusal(perform(deleteApplicationSecret, { clientId, secretId: foreign?.secretId }))).code).toBe(
    'EntityNotExist.Application.Secret',
  );
  expect(await secretRows(other.clientId)).toHaveLength(1);
  const [own] = await secretRows(clientId);
  await perform(deleteApplicationSecret, { clientId, secretId: own?.secretId });
  expect(await secretRows(clientId)).toEqual([]);
  expect(await rowOf(clientId)).toMatchObject({ revision: 2 });
});

test("a secret past its end by the database's clock is neither good nor listed", async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  await harness.deps.db
    .update(applicationSecrets)
    .set({ expiresAt: new Date(0) })
    .where(eq(applicationSecrets.clientId, clientId));
  expect(await listApplicationSecretHashes(harness.deps.db, clientId)).toEqual([]);
  expect((await perform(listApplicationSecrets, { clientId })).items).toEqual([]);
});

test('deleting takes row and secrets, and a second time there is nothing', async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  await perform(deleteApplication, { clientId });
  expect(await rowOf(clientId)).toBeUndefined();
  expect(await secretRows(clientId)).toEqual([]);
  expect((await refusal(perform(deleteApplication, { clientId }))).code).toBe('EntityNotExist.Application');
});

test('lists are paged without gap or repetition, and a cursor is good for its list alone', async () => {
  for (const displayName of ['a', 'b', 'c', 'wiki 1', 'wiki 2']) await createWiki({ displayName });
  const first = await perform(listApplications, { limit: 3 });
  const second = await perform(listApplications, { limit: 3, cursor: first.nextCursor });
  expect(second).not.toHaveProperty('nextCursor');
  const names = [...first.items, ...second.items].map(({ displayName }) => displayName);
  expect(names.sort()).toEqual(['a', 'b', 'c', 'wiki 1', 'wiki 2']);
  expect((await perform(listApplications, { q: 'WIKI' })).items).toHaveLength(2);
  expect((await perform(listApplications, { q: '%' })).items).toHaveLength(0);
  expect((await refusal(perform(listApplications, { q: 'wiki', cursor: first.nextCursor }))).code).toBe(
    'InvalidParameter',
  );
  const { admin: stranger } = await newAccount(harness);
  expect((await refusal(perform(listApplications, { cursor: first.nextCursor }, stranger))).code).toBe(
    'InvalidParameter',
  );
});

test('every change and every refused change is told in the audit log', async () => {
  const { application } = await createWiki();
  const { clientId } = application;
  await perform(updateApplication, { clientId, changes: { displayName: 'Handbook', apiAccess: 'read' } });
  await perform(deleteApplication, { clientId });
  await refusal(perform(deleteApplication, { clientId }));
  const events = await eventsOf(harness.deps.db, account.accountId);
  expect(events.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'ram:CreateApplication success',
    'ram:UpdateApplication success',
    'ram:DeleteApplication success',
    'ram:DeleteApplication refused',
  ]);
  expect(events[1]).toMatchObject({
    resource: `acs:ram:*:${account.accountId}:application/${clientId}`,
    details: { changed: ['displayName', 'apiAccess'], apiAccess: 'read' },
  });
});
