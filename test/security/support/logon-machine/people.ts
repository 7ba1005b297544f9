import { randomBytes, randomInt } from 'node:crypto';
import { findLoginProfile, insertLoginProfiles } from '../../../../src/domain/login-profiles/login-profiles-store.ts';
import { renewRecoveryCodes } from '../../../../src/domain/mfa/mfa.ts';
import { insertUsers } from '../../../../src/domain/users/users-store.ts';
import { giveAuthenticatorApp, givePasskey } from '../../../support/factors.ts';
import { createPasskeyProvider, type SoftwareAuthenticator } from '../../../support/software-authenticator.ts';
import type { KnownUser } from './ledger.ts';
import type { Machine } from './machine.ts';

/** A password and its hash, made once: each walk has users of its own, and hashing is what takes time. */
export interface ReadyPassword {
  readonly password: string;
  readonly passwordHash: string;
}

/** One for each role, so that nobody's password opens another's logon. */
export async function readyPasswords({ accounts: [{ account }], backend }: Machine): Promise<ReadyPassword[]> {
  const made: ReadyPassword[] = [];
  for (const _role of roles) {
    const { userId, password } = await account.createUser();
    const profile = await findLoginProfile(backend.db, userId);
    made.push({ password, passwordHash: profile?.passwordHash ?? '' });
  }
  return made;
}

/**
 * A plain user, one with all that must be done first, one with every factor, one who has an app alone; and a plain one of the other account by the first one's
 * name.
 */
const roles = [
  { name: 'plain', account: 0, mustBegin: false, factors: [] },
  { name: 'fresh', account: 0, mustBegin: true, factors: [] },
  { name: 'strong', account: 0, mustBegin: false, factors: ['passkey', 'app'] },
  { name: 'coded', account: 0, mustBegin: false, factors: ['app'] },
  { name: 'plain', account: 1, mustBegin: false, factors: [] },
] as const;

export interface People {
  readonly users: readonly KnownUser[];
  readonly passkeys: ReadonlyMap<string, SoftwareAuthenticator>;
}

export async function newPeople(machine: Machine, passwords: readonly ReadyPassword[]): Promise<People> {
  const passkeys = new Map<string, SoftwareAuthenticator>();
  const people: KnownUser[] = [];
  const mark = randomBytes(4).toString('hex');
  for (const [index, role] of roles.entries()) {
    const ready = passwords[index];
    if (ready === undefined) throw new Error('a role has no password');
    const user = await insertPerson(machine, { userName: `${role.name}-${mark}`, role, ready });
    const passkey = createPasskeyProvider(machine.pair.origin);
    passkeys.set(user.userId, passkey);
    people.push(await withFactors(machine, user, { passkey, factors: role.factors }));
  }
  return { users: people, passkeys };
}

interface NewPerson {
  readonly userName: string;
  readonly role: (typeof roles)[number];
  readonly ready: ReadyPassword;
}

async function insertPerson({ backend, accounts }: Machine, { userName, role, ready }: NewPerson): Promise<KnownUser> {
  const { accountId, alias } = accounts[role.account].account;
  const userId = `2${String(randomInt(1e8)).padStart(8, '0')}${String(randomInt(1e9)).padStart(9, '0')}`;
  const { mustBegin } = role;
  const { passwordHash, password } = ready;
  const [row] = await insertUsers(backend.db, [
    { userId, accountId, userName, userNameKey: userName, displayName: userName },
  ]);
  const duties = { resetRequired: mustBegin, mfaRequired: mustBegin };
  await insertLoginProfiles(backend.db, [
    { userId, accountId, passwordHash, status: 'active', expires: mustBegin, ...duties },
  ]);
  return {
    ...{ userId, userName, alias, accountId, password, passwordHash, ...duties },
    epoch: row?.epoch ?? 0,
    ...{ enabled: true, totp: undefined, hasCredential: false, recoveryCodes: new Set() },
  };
}

async function withFactors(
  machine: Machine,
  user: KnownUser,
  { passkey, factors }: { passkey: SoftwareAuthenticator; factors: readonly ('passkey' | 'app')[] },
): Promise<KnownUser> {
  if (factors.length === 0) return user;
  const hasCredential = factors.includes('passkey');
  if (hasCredential) await givePasskey(machine, user, user, passkey);
  const app = factors.includes('app') ? await giveAuthenticatorApp(machine, user, user) : undefined;
  const recoveryCodes = new Set(await renewRecoveryCodes(machine.backend, user));
  const totp = app === undefined ? undefined : { secret: app.secret, lastStep: 0 };
  return { ...user, totp, hasCredential, recoveryCodes };
}
