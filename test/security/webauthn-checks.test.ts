import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userHandleOf } from '../../src/domain/mfa/webauthn/relying-party.ts';
import { mfaDevices } from '../../src/storage/db/schema/mfa-devices.ts';
import { givePasskey } from '../support/factors.ts';
import { passkeyOptionsOn } from '../support/logon-driver.ts';
import {
  createPasskeyProvider,
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '../support/software-authenticator.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { assertionDoors, optionsUnderOtherName, registrationDoors, type Visitor } from './support/passkey-doors.ts';
import { garbage, wrongAssertions, wrongRegistrations } from './support/wrong-credentials.ts';

type DoorName = keyof typeof assertionDoors;
type BindingName = keyof typeof registrationDoors;

const doorNames = Object.keys(assertionDoors) as DoorName[];
const bindingNames = Object.keys(registrationDoors) as BindingName[];

type Owner = Visitor & { readonly user: TestUser & { readonly passkey: SoftwareAuthenticator } };

let server: TestServer;
let account: TestAccount;
let clientId: string;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  ({ clientId } = await account.createApplication());
});
afterAll(() => server.close());

const visitor = async (settings: Parameters<TestAccount['createUser']>[0] = {}): Promise<Visitor> => ({
  ...{ account, clientId },
  user: await account.createUser(settings),
});

async function owner(passkey = createPasskeyProvider(server.origin)): Promise<Owner> {
  const { user, ...place } = await visitor();
  await givePasskey(server, account, user, passkey);
  return { ...place, user: { ...user, passkey } };
}

const devicesOf = ({ userId }: TestUser) =>
  server.backend.db.select().from(mfaDevices).where(eq(mfaDevices.userId, userId));

function onlyCredential({ credentials }: SoftwareAuthenticator) {
  const [credential] = credentials;
  if (credential === undefined) throw new Error('the authenticator has made nothing');
  return credential;
}

const challengeIn = (options: string): string => (JSON.parse(options) as { challenge: string }).challenge;

it('the challenge of a logon’s first page does not answer its second', async () => {
  const someone = await owner();
  const { userName, password, passkey } = someone.user;
  const { browser, page } = await startLogon(account.issuer, clientId);
  const factor = await browser.submit(page, { username: userName, password });
  expect(factor.url.pathname).toBe(page.url.pathname);
  const post = (challenge: string) =>
    browser.submit(factor, { passkey_response: passkey.assert(passkeyOptionsOn(factor), { challenge }) });
  const refused = await post(challengeIn(passkeyOptionsOn(page)));
  expect([refused.status, hasCode(refused)]).toEqual([401, false]);
  expect(hasCode(await post(challengeIn(passkeyOptionsOn(refused))))).toBe(true);
});

describe.each(doorNames)('an assertion, at the %s', (name) => {
  const open = assertionDoors[name];

  it.each(wrongAssertions)('%s is refused and leaves no trace, and the right one passes', async (_what, tweaks) => {
    const someone = await owner();
    const { passkey } = someone.user;
    const door = await open(someone);
    const before = await devicesOf(someone.user);
    expect(await door.post(passkey.assert(door.options(), tweaks))).toBe(false);
    expect(await devicesOf(someone.user)).toEqual(before);
    expect(await door.post(passkey.assert(door.options()))).toBe(true);
  });

  it('is refused where its counter has not grown, and a clone with it', async () => {
    const someone = await owner(createSoftwareAuthenticator({ origin: server.origin, counts: true }));
    const { passkey } = someone.user;
    // The owner's uses before this page are far behind.
    const door = await open(someone);
    const usedAt = async () => (await devicesOf(someone.user))[0]?.signCount ?? Number.NaN;
    const reached = await usedAt();
    for (const counter of [0, reached - 1, reached]) {
      expect(await door.post(passkey.assert(door.options(), { counter: Math.max(0, counter) }))).toBe(false);
      expect(await usedAt()).toBe(reached);
    }
    expect(await door.post(passkey.assert(door.options(), { counter: reached + 7 }))).toBe(true);
    expect(await usedAt()).toBe(reached + 7);
    const later = await assertionDoors.logon(someone);
    expect(await later.post(passkey.assert(later.options(), { counter: reached + 6 }))).toBe(false);
  });

  it('uses its challenge up, though it was wrong: the right one is not taken over the same', async () => {
    const someone = await owner();
    const { passkey } = someone.user;
    const door = await open(someone);
    const challenge = challengeIn(door.options());
    expect(await door.post(passkey.assert(door.options(), { userPresent: false }))).toBe(false);
    expect(await door.post(passkey.assert(door.options(), { challenge }))).toBe(false);
    expect(await door.post(passkey.assert(door.options()))).toBe(true);
  });

  it('over a challenge that was made for anything else is refused, and its own is taken once', async () => {
    const someone = await owner();
    const { passkey } = someone.user;
    const other = await visitor();
    const [elsewhere, second] = [await server.account(), await open(someone)];
    const strange: Readonly<Record<string, string>> = {
      'another logon or session of the same user': second.options(),
      ...Object.fromEntries(
        await Promise.all(
          doorNames
            .filter((one) => one !== name)
            .map(async (one) => [one, (await assertionDoors[one](someone)).options()] as const),
        ),
      ),
      'a registration': (await registrationDoors['binding in the portal'].open(other)).options(),
      'another name of the account': await optionsUnderOtherName(someone, server.origin),
      'another account': (
        await assertionDoors.logon({
          ...someone,
          account: elsewhere,
          clientId: (await elsewhere.createApplication()).clientId,
        })
      ).options(),
    };
    const door = await open(someone);
    for (const [what, options] of Object.entries(strange)) {
      const answer = passkey.assert(door.options(), { challenge: challengeIn(options) });
      expect([what, await door.post(answer)]).toEqual([what, false]);
      // Five refusals would begin the logon again.
      if (name === 'second factor') Object.assign(door, await open(someone));
    }
    const right = passkey.assert(door.options());
    expect(await door.post(right)).toBe(true);
    expect(await (await open(someone)).post(right)).toBe(false);
  });

  it('by the credential of anybody else is refused, whatever it says it is', async () => {
    const [someone, neighbour] = [await owner(), await owner()];
    const elsewhere = await server.account();
    const foreign = createPasskeyProvider(server.origin);
    await givePasskey(server, elsewhere, await elsewhere.createUser(), foreign);
    const stranger = createPasskeyProvider(server.origin);
    await givePasskey(server, account, await account.createUser(), stranger);
    const own = onlyCredential(someone.user.passkey);
    const ownHandle = userHandleOf({ accountId: account.accountId, userId: someone.user.userId });
    const door = await open(someone);
    const answers: [string, string][] = [
      ['of another account', foreign.assert(door.options(), { credential: onlyCredential(foreign) })],
      [
        'of another account under the own handle',
        foreign.assert(door.options(), { credential: onlyCredential(foreign), userHandle: ownHandle }),
      ],
      [
        'of another user under the own handle',
        neighbour.user.passkey.assert(door.options(), {
          credential: onlyCredential(neighbour.user.passkey),
          userHandle: ownHandle,
        }),
      ],
      [
        'of another key under the own id',
        stranger.assert(door.options(), { credential: { ...onlyCredential(stranger), id: own.id } }),
      ],
    ];
    for (const [what, response] of answers) expect([what, await door.post(response)]).toEqual([what, false]);
    expect((await devicesOf(neighbour.user))[0]?.lastUsedAt).toBeNull();
    expect(await door.post(someone.user.passkey.assert(door.options()))).toBe(true);
  });

  it.each<[string, (someone: Owner) => Promise<unknown>]>([
    ['was deleted', ({ user }) => account.manage(`DELETE /users/${user.userName}?cascade=true`)],
    ['was frozen', ({ user }) => account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' })],
    ['may log on no more', ({ user }) => account.manage(`DELETE /users/${user.userName}/login-profile`)],
    ['has lost the passkey', ({ user }) => account.manage(`DELETE /users/${user.userName}/mfa-devices`)],
    [
      'was deleted and made again under the same name',
      async ({ user: { userName, password } }) => {
        await account.manage(`DELETE /users/${userName}?cascade=true`);
        await account.createUser({ userName, password });
      },
    ],
  ])('is refused where its user %s while the page was open', async (_what, remove) => {
    const someone = await owner();
    const door = await open(someone);
    const response = someone.user.passkey.assert(door.options());
    await remove(someone);
    // The page may be gone by now, with its session.
    expect(await door.post(response).catch(() => false)).toBe(false);
    const later = await assertionDoors.logon(someone);
    expect(await later.post(someone.user.passkey.assert(later.options()))).toBe(false);
  });
});

it('a passkey bound without checking who uses it, or used so, is a second factor and never a whole logon', async () => {
  const weak = { userVerified: false } as const;
  const careless = createSoftwareAuthenticator({ origin: server.origin, ...weak });
  const [bound, used] = [await owner(careless), await owner()];
  for (const [someone, tweaks] of [
    [bound, {}],
    [bound, { userVerified: true }],
    [used, weak],
  ] as const) {
    const { passkey } = someone.user;
    const door = await assertionDoors.logon(someone);
    expect(await door.post(passkey.assert(door.options(), tweaks))).toBe(false);
    const beside = await assertionDoors['second factor'](someone);
    expect(await beside.post(passkey.assert(beside.options(), tweaks))).toBe(true);
  }
});

describe.each(bindingNames)('a registration, at the %s', (name) => {
  const { open, mfaRequired } = registrationDoors[name];

  it.each(wrongRegistrations)('%s binds nothing, and the right one binds', async (_what, tweaks) => {
    const someone = await visitor({ mfaRequired });
    const door = await open(someone);
    const authenticator = createPasskeyProvider(server.origin);
    expect(await door.post(authenticator.register(door.options(), tweaks))).toBe(false);
    expect(await devicesOf(someone.user)).toEqual([]);
    expect(await door.post(authenticator.register(door.options()))).toBe(true);
    expect(await devicesOf(someone.user)).toHaveLength(1);
  });

  it('of a credential that somebody has, of this account or another, takes it from nobody', async () => {
    const elsewhere = await server.account();
    const foreign = createPasskeyProvider(server.origin);
    const stranger = await elsewhere.createUser();
    await givePasskey(server, elsewhere, stranger, foreign);
    const holder = await owner();
    for (const { id: credentialId } of [onlyCredential(holder.user.passkey), onlyCredential(foreign)]) {
      const someone = await visitor({ mfaRequired });
      const door = await open(someone);
      const copy = createPasskeyProvider(server.origin);
      expect(await door.post(copy.register(door.options(), { credentialId }))).toBe(false);
      expect(await devicesOf(someone.user)).toEqual([]);
    }
    expect([await devicesOf(holder.user), await devicesOf(stranger)].map(({ length }) => length)).toEqual([1, 1]);
    const still = await assertionDoors.logon(holder);
    expect(await still.post(holder.user.passkey.assert(still.options()))).toBe(true);
  });

  it('made for anybody or anything else binds nothing, and its own binds once', async () => {
    const [someone, other] = [await visitor({ mfaRequired }), await visitor({ mfaRequired })];
    const [door, same, theirs] = [await open(someone), await open(someone), await open(other)];
    const authenticator = createPasskeyProvider(server.origin);
    for (const options of [same, theirs, await assertionDoors.logon(someone)].map((one) => one.options()))
      expect(await door.post(authenticator.register(door.options(), { challenge: challengeIn(options) }))).toBe(false);
    expect(await devicesOf(someone.user)).toEqual([]);
    const right = authenticator.register(door.options());
    expect(await door.post(right)).toBe(true);
    expect(await theirs.post(right)).toBe(false);
    expect(await devicesOf(other.user)).toEqual([]);
  });
});

describe('what no authenticator says', () => {
  it.each([...doorNames, ...bindingNames])('opens nothing and breaks nothing at the %s', async (name) => {
    const isBinding = name in registrationDoors;
    const someone = isBinding
      ? await visitor({ mfaRequired: registrationDoors[name as BindingName].mfaRequired })
      : await owner();
    const open = isBinding ? registrationDoors[name as BindingName].open : assertionDoors[name as DoorName];
    const before = await devicesOf(someone.user);
    for (const response of garbage.slice(0, name === 'binding in the logon' ? 9 : garbage.length)) {
      const door = await open(someone);
      expect([response.slice(0, 20), await door.post(response)]).toEqual([response.slice(0, 20), false]);
    }
    // Whoever signs in to the portal uses the passkey, which is noted.
    if (name !== 'confirmation') expect(await devicesOf(someone.user)).toEqual(before);
  });

  it('nothing of all this ended as a fault of ours', () => {
    expect(
      server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
    ).toEqual([]);
  });
});
