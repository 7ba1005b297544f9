import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bindAuthenticator, bindPasskey } from '../../../src/domain/logon/bind-authenticator.ts';
import { findLogonUserById, type LogonUser, raiseEpoch } from '../../../src/domain/logon/logon-store.ts';
import { bindTotp, verifyRecoveryCode, verifyTotp } from '../../../src/domain/mfa/mfa.ts';
import { deleteMfa } from '../../../src/domain/mfa/mfa-store.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { mfaDevices, recoveryCodes } from '../../../src/storage/db/schema/mfa-devices.ts';
import { codeAt } from '../../support/authenticator-app.ts';
import { createPasskeyProvider, createSecurityKey } from '../../support/software-authenticator.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { eventsOf, type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';
import { origin } from './passkey-user.ts';
import { bindNew, boundTo, creationOptions } from './webauthn/ceremonies.ts';

let harness: Harness;
let account: TestAccount;
let user: Caller;
let secret: string;
const nowSeconds = 1_800_000_015;
const present = Math.floor(nowSeconds / 30);
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());
beforeEach(async () => {
  user = await newUser(harness.deps.db, account.accountId, `u${Math.random().toString(36).slice(2)}`);
  secret = newTotpSecret();
});

const bind = (provedStep = present - 1) => bindTotp(harness.deps, user, { secret, provedStep });
const verify = async (step: number, whose: Caller = user) =>
  verifyTotp(harness.deps, whose, { code: await codeAt(secret, step), nowSeconds });
const count = <T>(results: readonly T[], value: T) => results.filter((result) => result === value).length;

it('of twenty parallel uses of one code exactly one is right', async () => {
  await bind();
  const results = await Promise.all(Array.from({ length: 20 }, () => verify(present)));
  expect(count(results, true)).toBe(1);
  expect(await verify(present)).toBe(false);
  expect(await verify(present + 1)).toBe(true);
});

it('the code that bound an app does not sign in with it', async () => {
  await bind(present);
  expect(await verify(present)).toBe(false);
  expect(await verify(present - 1)).toBe(false);
});

it('a later code makes every earlier one worthless', async () => {
  await bind(present - 2);
  expect(await verify(present + 1)).toBe(true);
  expect([await verify(present), await verify(present - 1)]).toEqual([false, false]);
});

it("one user's code is nothing to another", async () => {
  await bind();
  const other = await newUser(harness.deps.db, account.accountId, `${user.userName}-other`);
  expect(await verify(present, other)).toBe(false);
  expect(await verify(present)).toBe(true);
});

it('of twenty parallel uses of one recovery code exactly one is right, and each works for its user only', async () => {
  const [first = '', second = ''] = await bind();
  const other = await newUser(harness.deps.db, account.accountId, `${user.userName}-other`);
  expect(await verifyRecoveryCode(harness.deps, other, first)).toBe(false);
  const results = await Promise.all(Array.from({ length: 20 }, () => verifyRecoveryCode(harness.deps, user, first)));
  expect(count(results, true)).toBe(1);
  expect(await verifyRecoveryCode(harness.deps, user, second)).toBe(true);
  expect(await verifyRecoveryCode(harness.deps, user, '')).toBe(false);
});

it('new recovery codes replace the old ones, and a reset leaves neither codes nor app', async () => {
  const [old = ''] = await bind();
  const [fresh = ''] = await bind();
  expect(await verifyRecoveryCode(harness.deps, user, old)).toBe(false);
  expect(await deleteMfa(harness.deps.db, user.userId)).toBe(2);
  expect(await verifyRecoveryCode(harness.deps, user, fresh)).toBe(false);
  expect(await verify(present)).toBe(false);
});

it('neither the seed nor a code stands in the database as it is', async () => {
  const codes = await bind();
  const { db } = harness.deps;
  const devices = await db.select().from(mfaDevices).where(eq(mfaDevices.userId, user.userId));
  const stored = JSON.stringify([devices, await db.select().from(recoveryCodes)]);
  expect(devices.length).toBe(1);
  expect(stored).not.toContain(secret);
  for (const code of codes) expect(stored).not.toContain(code);
});

it('a seed does not open for another account or device than it was sealed for', async () => {
  await bind();
  const stranger = await newAccount(harness);
  const elsewhere: Caller = { ...user, accountId: stranger.accountId };
  await expect(verify(present, elsewhere)).rejects.toThrow();
});

/** Binding within a logon. */
const actorNow = async (): Promise<{ user: LogonUser; userEpoch: number; sourceIp: string; requestId: string }> => {
  const found = await findLogonUserById(harness.deps.db, user.accountId, user.userId);
  if (found === undefined) throw new Error('no user');
  return { user: found, userEpoch: found.epoch, sourceIp: '192.0.2.1', requestId: 'r' };
};

it('of racing answers to the bind page one binds, the others find it done', async () => {
  const actor = await actorNow();
  const code = await codeAt(secret, present);
  const attempts = Array.from({ length: 5 }, () =>
    bindAuthenticator(harness.deps, actor, { secret, code, nowSeconds }),
  );
  const outcomes = (await Promise.all(attempts)).map(({ outcome }) => outcome);
  expect([count(outcomes, 'bound'), count(outcomes, 'void')]).toEqual([1, 4]);
  expect(await harness.deps.db.$count(mfaDevices, eq(mfaDevices.userId, user.userId))).toBe(1);
  const events = (await eventsOf(harness.deps.db, user.accountId)).filter(
    ({ actorUserId }) => actorUserId === user.userId,
  );
  expect(events.map(({ action, outcome }) => [action, outcome])).toEqual([['ram:BindMFADevice', 'success']]);
  expect(JSON.stringify(events)).not.toContain(secret);
});

it('a wrong code binds nothing, nor does any code once the user was disabled or changed', async () => {
  const actor = await actorNow();
  const wrong = await bindAuthenticator(harness.deps, actor, { secret, code: '000000', nowSeconds });
  expect(wrong.outcome).toBe((await codeAt(secret, present)) === '000000' ? 'bound' : 'wrong');
  await raiseEpoch(harness.deps.db, user.userId, actor.userEpoch);
  const late = await bindAuthenticator(harness.deps, actor, {
    secret,
    code: await codeAt(secret, present),
    nowSeconds,
  });
  expect(late.outcome).toBe('void');
  expect(await harness.deps.db.$count(mfaDevices, eq(mfaDevices.userId, user.userId))).toBe(0);
});

it('a code is nothing to a user whose only device is a passkey', async () => {
  await bindNew(harness, user, createPasskeyProvider(origin));
  expect(await verify(present)).toBe(false);
  await bind();
  expect(await verify(present)).toBe(true);
});

describe('binding a passkey within a logon', () => {
  const respond = (authenticator = createPasskeyProvider(origin)) =>
    authenticator.register(creationOptions(harness, user));
  const devicesNow = () => harness.deps.db.select().from(mfaDevices).where(eq(mfaDevices.userId, user.userId));

  it.each([
    ['passkey', 'Passkey', createPasskeyProvider(origin)],
    ['security-key', 'Security key', createSecurityKey(origin)],
  ])('a %s is bound with recovery codes, and is in the log', async (type, name, authenticator) => {
    const actor = await actorNow();
    const bound = await bindPasskey(harness.deps, actor, { boundTo, response: respond(authenticator) });
    if (bound.outcome !== 'bound') throw new Error(bound.outcome);
    expect(await devicesNow()).toMatchObject([{ type, name, accountId: user.accountId }]);
    expect(await verifyRecoveryCode(harness.deps, user, bound.recoveryCodes[0] ?? '')).toBe(true);
    expect((await actorNow()).user).toMatchObject({ hasMfa: true, epoch: actor.userEpoch });
    const events = (await eventsOf(harness.deps.db, user.accountId)).filter(
      ({ actorUserId }) => actorUserId === user.userId,
    );
    expect(events).toMatchObject([
      { action: 'ram:BindMFADevice', actorVia: 'logon', outcome: 'success', details: { type } },
    ]);
  });

  it('of racing answers one binds', async () => {
    const actor = await actorNow();
    const attempts = Array.from({ length: 5 }, () =>
      bindPasskey(harness.deps, actor, { boundTo, response: respond() }),
    );
    const outcomes = (await Promise.all(attempts)).map(({ outcome }) => outcome);
    expect([count(outcomes, 'bound'), count(outcomes, 'void')]).toEqual([1, 4]);
    expect(await devicesNow()).toHaveLength(1);
  });

  it('an answer to another logon, of another page, or to garbage binds nothing', async () => {
    const actor = await actorNow();
    for (const claim of [
      { boundTo: 'acme:uid-2', response: respond() },
      { boundTo, response: respond(createPasskeyProvider('https://evil.example')) },
      { boundTo, response: '{' },
    ])
      expect(await bindPasskey(harness.deps, actor, claim)).toEqual({ outcome: 'wrong' });
    expect([await devicesNow(), (await actorNow()).user.hasMfa]).toEqual([[], false]);
  });

  it('a credential of somebody else’s binds nothing, and makes no recovery codes', async () => {
    const provider = createPasskeyProvider(origin);
    const { credentialId } = await bindNew(
      harness,
      await newUser(harness.deps.db, account.accountId, `${user.userName}-other`),
      provider,
    );
    const response = provider.register(creationOptions(harness, user), { credentialId: credentialId ?? '' });
    expect(await bindPasskey(harness.deps, await actorNow(), { boundTo, response })).toEqual({ outcome: 'wrong' });
    expect(await devicesNow()).toEqual([]);
    expect(await harness.deps.db.$count(recoveryCodes, eq(recoveryCodes.userId, user.userId))).toBe(0);
  });

  it('nothing is bound once the user has a device, or was changed or disabled', async () => {
    const actor = await actorNow();
    await bind();
    expect(await bindPasskey(harness.deps, actor, { boundTo, response: respond() })).toEqual({ outcome: 'void' });
    expect(await devicesNow()).toHaveLength(1);
    await deleteMfa(harness.deps.db, user.userId);
    await raiseEpoch(harness.deps.db, user.userId, actor.userEpoch);
    expect(await bindPasskey(harness.deps, actor, { boundTo, response: respond() })).toEqual({ outcome: 'void' });
    expect(await devicesNow()).toEqual([]);
  });
});
