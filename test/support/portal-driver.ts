import type { AuthenticatorApp } from './authenticator-app.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from './http-browser.ts';
import { logOnToPortal } from './logon-driver.ts';
import { textOf } from './page-forms.ts';
import type { NewTestUser, TestAccount, TestUser } from './test-account.ts';

/** Somebody who is signed in to the portal. */
export interface PortalUser extends TestUser {
  readonly browser: HttpBrowser;
  /** Where the logon ended. */
  readonly page: BrowserPage;
  /** Where one was bound in the logon. */
  readonly authenticator?: AuthenticatorApp;
  /** A page below `/<alias>/portal`. */
  readonly open: (path: string) => Promise<BrowserPage>;
  /** Sends the form of a page that leads to this path below `/<alias>/portal`, and whose fields have these values. */
  readonly send: (page: BrowserPage, path: string, fields?: Readonly<Record<string, string>>) => Promise<BrowserPage>;
}

export async function openPortal(account: TestAccount, settings: NewTestUser = {}): Promise<PortalUser> {
  return await signInToPortal(account, await account.createUser(settings));
}

export async function signInToPortal(account: TestAccount, user: TestUser): Promise<PortalUser> {
  const browser = createHttpBrowser();
  const { page, authenticator } = await logOnToPortal(browser, account.issuer, user);
  const root = `/${account.alias}/portal`;
  return {
    ...user,
    ...{ browser, page },
    ...(authenticator === undefined ? {} : { authenticator }),
    open: (path) => browser.open(`${account.issuer}/portal${path}`),
    send: async (from, path, fields = {}) => {
      const form = from.forms.find(({ action, fields: given }) => {
        const same = Object.entries(given).every(
          ([name, value]) => !isId(name) || fields[name] === undefined || fields[name] === value,
        );
        return action.split('?')[0] === `${root}${path}` && same;
      });
      if (form === undefined) throw new Error(`no form to ${path} on ${from.url.pathname}`);
      return await browser.submit(from, fields, { form });
    },
  };
}

/** Fields that tell one row of a list from another. */
const isId = (name: string): boolean => ['device', 'key', 'session', 'app'].includes(name);

export const headingOf = ({ html }: BrowserPage): string => /<h1>([\s\S]*?)<\/h1>/.exec(html)?.[1]?.trim() ?? '';

/** What the page says was done. */
export const noticeOn = ({ html }: BrowserPage): string | undefined => textOf(html, 'notice');

/** The field that the error leads to. */
export const faultyField = ({ html }: BrowserPage): string | undefined =>
  /id="error"[\s\S]*?href="#([\w-]+)"/.exec(html)?.[1];

/** The options that a page gives the browser for a passkey. */
export function passkeyOptionsOn({ html }: BrowserPage): string {
  const options = /data-options="([^"]*)"/.exec(html)?.[1];
  if (options === undefined) throw new Error('the page asks for no passkey');
  return options.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
