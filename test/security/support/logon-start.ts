import { createHttpBrowser, type BrowserPage, type HttpBrowser } from '../../support/http-browser.ts';
import { authorizationUrl } from './code-flow.ts';

/** A logon of its own in a browser of its own, at its first step. */
export interface StartedLogon {
  readonly browser: HttpBrowser;
  readonly page: BrowserPage;
}

export async function startLogon(
  issuer: string,
  clientId: string,
  browser: HttpBrowser = createHttpBrowser(),
): Promise<StartedLogon> {
  return { browser, page: await browser.open(authorizationUrl(issuer, clientId)) };
}

interface Guess {
  readonly userName: string;
  readonly password: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One try at a name and password in a logon of its own, stopped where the browser would go back to the app. */
export async function tryPassword(
  issuer: string,
  clientId: string,
  { userName, password, headers = {} }: Guess,
): Promise<StartedLogon> {
  const { browser, page } = await startLogon(issuer, clientId);
  return { browser, page: await browser.submit(page, { username: userName, password }, { headers }) };
}

/** Whether the browser was sent back to the app with a code. */
export const hasCode = ({ leftFor }: BrowserPage): boolean => leftFor?.searchParams.has('code') === true;
