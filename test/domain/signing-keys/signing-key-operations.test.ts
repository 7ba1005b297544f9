import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { open } from '../../../src/crypto/envelope.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import {
  listSigningKeys,
  retireSigningKey,
  rotateSigningKey,
} from '../../../src/domain/signing-keys/signing-key-operations.ts';
import { addSigningKey, generateSigningKey, loadIssuerKeys } from '../../../src/domain/signing-keys/signing-keys.ts';
import { signingKeys } from '../../../src/storage/db/schema/signing-keys.ts';
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
let first: string;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  first = await addSigningKey(harness.deps, account.accountId, await generateSigningKey('ES256'), 0);
});
afterAll(() => harness.close());

const list = async (caller: Caller = account.admin) =>
  (await performOperation(harness.deps, caller, listSigningKeys, {})).items;
const statuses = async () => Object.fromEntries((await list()).map(({ kid, status }) => [kid, status]));
const rotate = (alg = 'ES256', caller: Caller = account.admin) =>
  performOperation(harness.deps, caller, rotateSigningKey, { alg });
const retire = (kid: string, caller: Caller = account.admin) =>
  performOperation(harness.deps, caller, retireSigningKey, { kid });
const publishedKids = async () => (await loadIssuerKeys(harness.deps, account.accountId)).keys.map(({ kid }) => kid);
/** As if the hour had gone by. */
const becomeDue = (kid: string) =>
  harness.deps.db.update(signingKeys).set({ signsFrom: sql`now()` }).where(eq(signingKeys.kid, kid));

describe('rotating', () => {
  it('publishes a key at once that signs after an hour; the former one goes on verifying', async () => {
    const next = await rotate();
    expect(next).toMatchObject({ alg: 'ES256', status: 'next', retiredAt: null });
    const lead = (next.signsFrom.getTime() - next.createdAt.getTime()) / 1000;
    expect([lead > 3599, lead < 3601]).toEqual([true, true]);
    expect(await statuses()).toEqual({ [next.kid]: 'next', [first]: 'current' });
    expect(await publishedKids()).toEqual([first, next.kid]);
    await becomeDue(next.kid);
    expect(await statuses()).toEqual({ [next.kid]: 'current', [first]: 'previous' });
    expect(await publishedKids()).toEqual([next.kid, first]);
  });

  it('of one algorithm leaves the other', async () => {
    const rsa = await rotate('RS256');
    await becomeDue(rsa.kid);
    expect(await statuses()).toEqual({ [rsa.kid]: 'current', [first]: 'current' });
  });

  it('is told with the key id, and answers nothing that signs', async () => {
    const next = await rotate();
    expect((await eventsOf(harness.deps.db, account.accountId)).at(-1)).toMatchObject({
      ...{ action: 'ram:RotateSigningKey', outcome: 'success', details: { alg: 'ES256', kid: next.kid } },
    });
    const [row] = await harness.deps.db.select().from(signingKeys).where(eq(signingKeys.kid, next.kid));
    const answers = JSON.stringify([next, await list(), await eventsOf(harness.deps.db, account.accountId)]);
    expect(answers).not.toContain(row?.privateJwkSealed);
    expect(row?.publicJwk).not.toHaveProperty('d');
  });

  it.each(['HS256', 'none', 'PS256', ''])('with %s is refused', async (alg) => {
    expect(await refusal(rotate(alg))).toMatchObject({ code: 'InvalidParameter', faults: [{ pointer: '/alg' }] });
    expect(await publishedKids()).toEqual([first]);
  });
});

describe('retiring', () => {
  it('takes a former key out of what is published at once, and destroys what it signed with', async () => {
    const next = await rotate();
    await becomeDue(next.kid);
    await retire(first);
    expect(await publishedKids()).toEqual([next.kid]);
    expect(await statuses()).toEqual({ [next.kid]: 'current', [first]: 'retired' });
    const [row] = await harness.deps.db.select().from(signingKeys).where(eq(signingKeys.kid, first));
    const place = { accountId: account.accountId, row: first, column: 'signing_keys.private_jwk_sealed' };
    expect(open(harness.deps.keyRing, row?.privateJwkSealed ?? '', place)).toBe('{}');
  });

  it('of the key that signs hands over to the former one', async () => {
    const next = await rotate();
    await becomeDue(next.kid);
    await retire(next.kid);
    expect(await statuses()).toEqual({ [next.kid]: 'retired', [first]: 'current' });
  });

  it('of a key that waits calls the rotation off', async () => {
    const next = await rotate();
    await retire(next.kid);
    expect(await publishedKids()).toEqual([first]);
  });

  it('of the only key that may sign with its algorithm is refused, whatever waits or signs with another', async () => {
    await rotate();
    await becomeDue((await rotate('RS256')).kid);
    expect(await refusal(retire(first))).toMatchObject({ code: 'DeleteConflict.SigningKey' });
    expect((await statuses())[first]).toBe('current');
  });

  it('reaches no key of another account, none that is retired already, and none that never was', async () => {
    const other = await newAccount(harness);
    const theirs = [
      await addSigningKey(harness.deps, other.accountId, await generateSigningKey('ES256'), 0),
      await addSigningKey(harness.deps, other.accountId, await generateSigningKey('ES256'), 0),
    ];
    const next = await rotate();
    await retire(next.kid);
    for (const kid of [theirs[0] ?? '', next.kid, `sig_${'0'.repeat(20)}`])
      expect(await refusal(retire(kid))).toMatchObject({ code: 'EntityNotExist.SigningKey' });
    expect((await loadIssuerKeys(harness.deps, other.accountId)).keys).toHaveLength(2);
  });

  it('remembers some retired keys, not all for ever', async () => {
    for (let turn = 0; turn < 23; turn += 1) await retire((await rotate()).kid);
    const kept = await list();
    expect(kept.filter(({ status }) => status === 'retired')).toHaveLength(20);
    expect(await publishedKids()).toEqual([first]);
  });
});

it('reading keys is for readers, changing them is not', async () => {
  const auditor = await newUser(harness.deps.db, account.accountId, 'auditor', ['AliyunRAMReadOnlyAccess']);
  const nobody = await newUser(harness.deps.db, account.accountId, 'nobody');
  expect(await list(auditor)).toHaveLength(1);
  for (const attempt of [rotate('ES256', auditor), retire(first, auditor), list(nobody)])
    expect(await refusal(attempt)).toMatchObject({ code: 'NoPermission' });
  expect(await publishedKids()).toEqual([first]);
});
