import { inArray, sql } from 'drizzle-orm';
import { type Backend, openBackend } from '../../../../src/compose.ts';
import type { Config } from '../../../../src/config/config.ts';
import { loginProfiles } from '../../../../src/storage/db/schema/login-profiles.ts';
import { mfaDevices, recoveryCodes } from '../../../../src/storage/db/schema/mfa-devices.ts';
import { users } from '../../../../src/storage/db/schema/users.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../../support/http-browser.ts';
import { recoveryCodesOn, stepOf, totpSecretOn } from '../../../support/logon-driver.ts';
import { serverEnvironment } from '../../../support/server-environment.ts';
import { type ServerPair, startServerPair } from '../../../support/server-pair.ts';
import type { SoftwareAuthenticator } from '../../../support/software-authenticator.ts';
import type { TestAccount, TestApplication } from '../../../support/test-account.ts';
import { configFrom, keyRingFrom } from '../../../support/test-server.ts';
import { callback } from '../code-flow.ts';
import type { Holdings, Landing, Observation, Proof } from './trace.ts';

/** An account with its two apps: the first-party one takes any level, the other asks for consent and a second factor. */
export interface MachineAccount {
  readonly account: TestAccount;
  readonly apps: readonly [TestApplication, TestApplication];
}

/** Two processes over the same stores, two accounts, and a hand on the database to put users there and to look. */
export interface Machine {
  readonly pair: ServerPair;
  readonly backend: Backend;
  readonly config: Config;
  readonly accounts: readonly [MachineAccount, MachineAccount];
  readonly close: () => Promise<void>;
}

export async function startMachine(): Promise<Machine> {
  const pair = await startServerPair({ TRUSTED_PROXIES: '127.0.0.1' });
  const config = configFrom(await serverEnvironment(pair.stores, { PUBLIC_URL: pair.origin }));
  const backend = await openBackend(config, await keyRingFrom(config), process.pid);
  return {
    ...{ pair, config, backend },
    accounts: [await newMachineAccount(pair), await newMachineAccount(pair)],
    close: async () => {
      await backend.close();
      await pair.close();
    },
  };
}

async function newMachineAccount(pair: ServerPair): Promise<MachineAccount> {
  const account = await pair.account();
  const strict = { firstParty: false, requiredAcr: 'urn:postern:acr:mfa' };
  return { account, apps: [await account.createApplication(), await account.createApplication(strict)] };
}

/** One tab of a browser: the logon begun in it, and the pages it has shown. */
export interface Tab {
  readonly browser: number;
  readonly account: 0 | 1;
  readonly pages: BrowserPage[];
}

/** A form as it was sent. */
export interface SentForm {
  readonly browser: number;
  readonly address: URL;
  readonly fields: Readonly<Record<string, string>>;
  readonly logon: string;
  readonly step: string;
  readonly proof: Proof | undefined;
}

/** What one walk has in its hands. */
export interface Walk {
  readonly machine: Machine;
  /** The users of this walk, in the order of their roles; the last one is the other account's. */
  readonly people: readonly string[];
  readonly passkeys: ReadonlyMap<string, SoftwareAuthenticator>;
  readonly browsers: readonly HttpBrowser[];
  readonly tabs: Tab[];
  readonly sent: SentForm[];
  /** When a browser last sent a first factor of a user, in whole seconds. */
  readonly firstFactors: Map<string, number>;
  readonly verifiers: Map<
    string,
    { readonly verifier: string; readonly account: 0 | 1; readonly app: TestApplication }
  >;
  /** With the authorization request that each answers. */
  readonly codes: { readonly code: string; readonly request: string }[];
  readonly tokens: { readonly token: string; readonly account: 0 | 1 }[];
  /** Where its browsers are, so that walks do not use up one another's tries. */
  readonly source: string;
  readonly seen: Observation[];
}

/** Three browsers of one place on earth. */
export function newWalk(
  machine: Machine,
  { people, passkeys, number }: Pick<Walk, 'people' | 'passkeys'> & { readonly number: number },
): Walk {
  return {
    ...{ machine, people, passkeys },
    browsers: [createHttpBrowser(), createHttpBrowser(), createHttpBrowser()],
    ...{ tabs: [], sent: [], codes: [], tokens: [], seen: [] },
    verifiers: new Map(),
    firstFactors: new Map(),
    source: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
  };
}

const logonAddress = /^\/([^/]+)\/logon\/([A-Za-z0-9_-]+)$/;

/** The logon that a page's address names. */
export const logonOn = ({ url }: Pick<BrowserPage, 'url'>): string | undefined => logonAddress.exec(url.pathname)?.[2];

/** What can be told of where a browser has got to. */
export function landingOf(page: BrowserPage): Landing {
  const { status, url, leftFor } = page;
  if (leftFor?.href.startsWith(callback) === true) {
    const [code, request] = [leftFor.searchParams.get('code'), leftFor.searchParams.get('state')];
    return { status, at: 'app', ...(code === null ? {} : { code }), ...(request === null ? {} : { request }) };
  }
  const [, alias, logon] = logonAddress.exec(url.pathname) ?? [];
  const step = stepOf(page);
  if (alias === undefined || logon === undefined)
    return { status, at: 'elsewhere', ...(step === undefined ? {} : { step }) };
  return {
    ...{ status, at: 'logon', alias, logon },
    ...(step === undefined ? {} : { step }),
    ...(url.searchParams.has('factor') ? { isAsked: true } : {}),
    ...(step === 'bind' ? { offered: totpSecretOn(page) } : {}),
    ...(step === 'recovery-codes' ? { recoveryCodes: recoveryCodesOn(page) } : {}),
  };
}

/** What these users have by the database. */
export async function holdingsOf({ backend: { db } }: Machine, userIds: readonly string[]): Promise<Holdings[]> {
  return await db
    .select({
      userId: users.userId,
      epoch: users.epoch,
      passwordHash: loginProfiles.passwordHash,
      resetRequired: loginProfiles.resetRequired,
      hasTotp: sql<boolean>`exists (select 1 from ${mfaDevices} where ${mfaDevices.userId} = ${users.userId} and ${mfaDevices.type} = 'totp')`,
      hasCredential: sql<boolean>`exists (select 1 from ${mfaDevices} where ${mfaDevices.userId} = ${users.userId} and ${mfaDevices.type} <> 'totp')`,
      unusedRecoveryCodes:
        sql<number>`(select count(*) from ${recoveryCodes} where ${recoveryCodes.userId} = ${users.userId} and ${recoveryCodes.usedAt} is null)`.mapWith(
          Number,
        ),
    })
    .from(users)
    .innerJoin(loginProfiles, sql`${loginProfiles.userId} = ${users.userId}`)
    .where(inArray(users.userId, [...userIds]));
}
