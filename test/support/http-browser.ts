import { findForms, type PageForm } from './page-forms.ts';
import { type CookieJar, createCookieJar } from './cookie-jar.ts';

/** An answer as a browser has it after following redirects. */
export interface BrowserPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly forms: readonly PageForm[];
  /** Every address on the way, the last one included. */
  readonly visited: readonly URL[];
  /** Where a redirect led that was not followed: another machine, another scheme, or what `stopAt` named. */
  readonly leftFor: URL | undefined;
}

export interface BrowserRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, string>>;
  /** A redirect to such an address is not followed. */
  readonly stopAt?: (address: URL) => boolean;
}

/** A browser without script: cookies, redirects and forms. It never leaves this machine. */
export interface HttpBrowser {
  readonly cookies: CookieJar;
  readonly open: (address: string | URL, request?: BrowserRequest) => Promise<BrowserPage>;
  /** Sends a form as a browser would: its hidden fields and what was typed, one button at most. */
  readonly submit: (
    page: BrowserPage,
    fields: Readonly<Record<string, string>>,
    options?: SubmitOptions,
  ) => Promise<BrowserPage>;
}

export interface SubmitOptions extends Pick<BrowserRequest, 'stopAt' | 'headers'> {
  /** `id` of the button pressed, for buttons that send a value. */
  readonly button?: string;
  readonly form?: PageForm;
}

const mostRedirects = 20;

export function createHttpBrowser(cookies: CookieJar = createCookieJar()): HttpBrowser {
  const open = (address: string | URL, request: BrowserRequest = {}) => visit(cookies, new URL(address), request);
  return {
    cookies,
    open,
    submit: async (page, fields, { button, form = page.forms[0], stopAt, headers = {} } = {}) => {
      if (form === undefined)
        throw new Error(`no form on ${page.url.pathname} (${page.status}): ${page.html.slice(0, 2000)}`);
      const { origin } = page.url;
      return await open(new URL(form.action, page.url), {
        method: form.method,
        fields: { ...form.fields, ...fields, ...form.buttons[button ?? ''] },
        headers: { origin, 'sec-fetch-site': 'same-origin', ...headers },
        ...(stopAt === undefined ? {} : { stopAt }),
      });
    },
  };
}

async function visit(
  cookies: CookieJar,
  first: URL,
  { stopAt = () => false, ...request }: BrowserRequest,
): Promise<BrowserPage> {
  const visited: URL[] = [];
  let [address, current] = [first, request as BrowserRequest];
  for (;;) {
    visited.push(address);
    if (visited.length > mostRedirects) throw new Error(`too many redirects: ${visited.map(String).join('\n')}`);
    const answer = await send(cookies, address, current);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    const next = location === null ? undefined : new URL(location, address);
    if (next === undefined || !isHere(next) || stopAt(next)) return await toPage(answer, address, visited, next);
    await answer.body?.cancel();
    // 303 turns a form into a look-up; our own pages never answer a form with anything else.
    if (answer.status === 307 || answer.status === 308) throw new Error(`${answer.status} would post the form again`);
    [address, current] = [next, { headers: ofEveryRequest(request.headers ?? {}) }];
  }
}

/** What a browser says of itself at each address anew. */
const ofEveryRequest = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name === 'accept' || name === 'accept-language'));

const isHere = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]');

async function send(
  cookies: CookieJar,
  address: URL,
  { method = 'GET', fields, headers }: BrowserRequest,
): Promise<Response> {
  const cookie = cookies.headerFor(address);
  const answer = await fetch(address, {
    method,
    redirect: 'manual',
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', ...(cookie === '' ? {} : { cookie }), ...headers },
    ...(fields === undefined || method === 'GET' ? {} : { body: new URLSearchParams(fields) }),
  });
  cookies.store(address, answer.headers.getSetCookie());
  return answer;
}

async function toPage(
  answer: Response,
  url: URL,
  visited: readonly URL[],
  leftFor: URL | undefined,
): Promise<BrowserPage> {
  const html = await answer.text();
  return { url, status: answer.status, headers: answer.headers, html, forms: findForms(html), visited, leftFor };
}
