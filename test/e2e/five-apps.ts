import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import * as oidc from 'openid-client';
import { expect } from 'vitest';
import { verifyLogoutToken } from '../support/callback-server.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty, type SignedIn } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';

/** Five apps of an account that take logout tokens. */
export interface FiveApps {
  readonly account: TestAccount;
  readonly apps: readonly RelyingParty[];
  readonly close: () => Promise<void>;
}

/** A user signed in to all five in one browser. */
export interface InFive {
  readonly user: TestUser;
  readonly browser: HttpBrowser;
  readonly signedIn: readonly SignedIn[];
}

export async function connectFiveApps(account: TestAccount): Promise<FiveApps> {
  const connect = () => connectRelyingParty(account, { application: { backchannelLogoutUri: true } });
  const apps = await Promise.all(Array.from({ length: 5 }, connect));
  return { account, apps, close: async () => void (await Promise.all(apps.map((app) => app.close()))) };
}

/** Logs a user on and opens all five apps at the same moment, so that five requests add themselves to one session at once. */
export async function openAllFive({ account, apps }: FiveApps, user: TestUser): Promise<InFive> {
  const browser = createHttpBrowser();
  await logOnToPortal(browser, account.issuer, user);
  return { user, browser, signedIn: await Promise.all(apps.map((app) => app.signIn(browser, user))) };
}

/** A way in which a user's session ends. */
export type Ending = (five: FiveApps, inFive: InFive) => Promise<unknown>;

const hintOf = ({ signedIn }: InFive) => ({ id_token_hint: signedIn[0]?.tokens.id_token ?? '' });

const endSessionUrl = ({ apps }: FiveApps, parameters: Readonly<Record<string, string>>): URL => {
  const configuration = apps[0]?.configuration;
  if (configuration === undefined) throw new Error('no app');
  return oidc.buildEndSessionUrl(configuration, parameters);
};

export const endings = {
  'sign-out by an app': (five, inFive) => inFive.browser.open(endSessionUrl(five, hintOf(inFive))),
  'sign-out by an app, asked first': async (five, { browser }) => {
    await browser.submit(await browser.open(endSessionUrl(five, {})), {}, { button: 'continue' });
  },
  'user disabled': ({ account }, { user }) => account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' }),
  'user deleted': ({ account }, { user }) => account.manage(`DELETE /users/${user.userName}?cascade=true`),
  'new password': ({ account }, { user }) =>
    account.manage(`PUT /users/${user.userName}/login-profile`, { generatePassword: true }),
  'second factor reset': ({ account }, { user }) => account.manage(`DELETE /users/${user.userName}/mfa-devices`),
  'session ended by REST': async ({ account }, { user }) => {
    const { items } = await account.manage(`GET /users/${user.userName}/sessions`);
    const [session] = items as { id: string }[];
    await account.manage(`DELETE /users/${user.userName}/sessions/${session?.id}`);
  },
  'all sessions ended by REST': ({ account }, { user }) => account.manage(`DELETE /users/${user.userName}/sessions`),
} satisfies Record<string, Ending>;

/** A user whose sessions every ending can end. */
export const newUserFor = (account: TestAccount, ending: string): Promise<TestUser> =>
  account.createUser(ending === 'second factor reset' ? { mfaRequired: true } : {});

/** Takes the issuer's keys along, for when it answers nobody any more. */
export const keysOf = async ({ issuer }: TestAccount) =>
  createLocalJWKSet((await (await fetch(`${issuer}/oauth2/jwks`)).json()) as JSONWebKeySet);

/** The `sid`s that each app was told of since `from`, verified; fails for a token that is not for this user. */
export async function sidsTold(
  { account, apps }: FiveApps,
  { userId }: Pick<TestUser, 'userId'>,
  from: readonly number[],
  keys?: Awaited<ReturnType<typeof keysOf>>,
): Promise<unknown[][]> {
  const seen = new Set<unknown>();
  const told = await Promise.all(
    apps.map(({ application, server }, at) =>
      Promise.all(
        server.logoutTokens.slice(from[at]).map(async (token) => {
          const { sub, sid, jti } = await verifyLogoutToken(token, account.issuer, application.clientId, keys);
          expect(sub).toBe(userId);
          seen.add(jti);
          return [sid, jti] as const;
        }),
      ),
    ),
  );
  // Each token is one of its own.
  expect(seen.size).toBe(told.flat().length);
  return told.map((tokens) => tokens.map(([sid]) => sid));
}

export const tokensSoFar = ({ apps }: FiveApps): number[] => apps.map(({ server }) => server.logoutTokens.length);

export const sidsOf = ({ signedIn }: InFive): unknown[] => signedIn.map(({ claims }) => claims['sid']);
