import { createHttpBrowser } from '../../support/http-browser.ts';
import { passkeyOptionsOn, stepOf, stepAddress } from '../../support/logon-driver.ts';
import { headingOf, passkeyOptionsOn as portalOptionsOn, signInToPortal } from '../../support/portal-driver.ts';
import type { SoftwareAuthenticator } from '../../support/software-authenticator.ts';
import type { TestAccount, TestUser } from '../../support/test-account.ts';
import { hasCode, startLogon } from './logon-start.ts';

/** Somebody at a page that waits for what an authenticator says. */
export interface PasskeyDoor {
  /** What the page asks for at present. */
  readonly options: () => string;
  /** Posts an answer: whether it was taken. A refusal shows the page again, with another challenge. */
  readonly post: (response: string) => Promise<boolean>;
}

/** Who comes to a door, and through which app. */
export interface Visitor {
  readonly account: TestAccount;
  readonly clientId: string;
  readonly user: TestUser & { readonly passkey?: SoftwareAuthenticator };
}

type OpenDoor = (visitor: Visitor) => Promise<PasskeyDoor>;

/** In place of name and password. */
const logon: OpenDoor = async ({ account, clientId }) => {
  const { browser, page } = await startLogon(account.issuer, clientId);
  const now = { page };
  return {
    options: () => passkeyOptionsOn(now.page),
    post: async (response) => {
      now.page = await browser.submit(now.page, { step: 'passkey', passkey_response: response });
      return hasCode(now.page);
    },
  };
};

/** Beside the password. */
const secondFactor: OpenDoor = async ({ account, clientId, user }) => {
  const { browser, page } = await startLogon(account.issuer, clientId);
  const now = { page: await browser.submit(page, { username: user.userName, password: user.password }) };
  return {
    options: () => passkeyOptionsOn(now.page),
    post: async (response) => {
      now.page = await browser.submit(now.page, { passkey_response: response });
      return hasCode(now.page);
    },
  };
};

const codesPath = '/security/recovery-codes';

/** As the proof of whoever is signed in, before something is changed. */
const confirmation: OpenDoor = async ({ account, user }) => {
  const { open, send } = await signInToPortal(account, user);
  const now = { page: await open(codesPath) };
  return {
    options: () => portalOptionsOn(now.page),
    post: async (response) => {
      now.page = await send(now.page, codesPath, { passkey_response: response });
      return headingOf(now.page) === 'Your new recovery codes';
    },
  };
};

/** Where a credential proves somebody. */
export const assertionDoors = { logon, 'second factor': secondFactor, confirmation } as const;

/** In the logon of somebody who must have a second factor and has none. */
const bindingInLogon: OpenDoor = async ({ account, clientId, user }) => {
  const { browser, page } = await startLogon(account.issuer, clientId);
  const bind = await browser.submit(page, { username: user.userName, password: user.password });
  const now = { page: await browser.open(stepAddress(bind, 'bind-passkey')) };
  return {
    options: () => passkeyOptionsOn(now.page),
    post: async (response) => {
      now.page = await browser.submit(now.page, { passkey_response: response });
      return stepOf(now.page) === 'recovery-codes';
    },
  };
};

const passkeyPath = '/security/passkey';

/** On the pages of whoever is signed in and has no second factor yet. */
const bindingInPortal: OpenDoor = async ({ account, user }) => {
  const { open, send } = await signInToPortal(account, user);
  const now = { page: await open(passkeyPath) };
  return {
    options: () => portalOptionsOn(now.page),
    post: async (response) => {
      const fields = { name: 'Key', passkey_response: response, password: user.password };
      now.page = await send(now.page, passkeyPath, fields);
      return headingOf(now.page) === 'Your new recovery codes';
    },
  };
};

/** Where a credential is bound to somebody. */
export const registrationDoors = {
  'binding in the logon': { open: bindingInLogon, mfaRequired: true },
  'binding in the portal': { open: bindingInPortal, mfaRequired: false },
} as const;

/** A page of the same account under another of its names. */
export async function optionsUnderOtherName({ account, clientId }: Visitor, origin: string): Promise<string> {
  const { page } = await startLogon(`${origin}/${account.accountId}`, clientId, createHttpBrowser());
  return passkeyOptionsOn(page);
}
