import { Pool } from 'undici';
import { type CookieJar, cookieHeader, storeCookies } from './cookie-jar.ts';

export interface ServerAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

interface ClientRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Posts it as a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly jar?: CookieJar;
}

/** Talks to one server over connections that stay open. Addresses may be absolute or paths. */
export interface HttpClient {
  readonly send: (address: string, request?: ClientRequest) => Promise<ServerAnswer>;
  readonly close: () => Promise<void>;
}

/** Throws for an answer of 400 and above: a load that fails measures nothing. */
export function openHttpClient(origin: string, connections: number): HttpClient {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  return {
    send: async (address, { headers = {}, form, jar } = {}) => {
      const path = address.startsWith('/') ? address : address.slice(new URL(address).origin.length);
      const cookies = jar === undefined ? '' : cookieHeader(jar, path.split('?')[0] ?? path);
      const response = await pool.request({
        path,
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          ...headers,
          ...(cookies === '' ? {} : { cookie: cookies }),
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: form === undefined ? null : new URLSearchParams(form).toString(),
      });
      const body = await response.body.text();
      if (response.statusCode >= 400) throw new Error(`${path} answered ${response.statusCode}: ${body.slice(0, 500)}`);
      if (jar !== undefined) storeCookies(jar, listOf(response.headers['set-cookie']));
      return { status: response.statusCode, location: listOf(response.headers['location'])[0], body };
    },
    close: () => pool.close(),
  };
}

const listOf = (header: string | string[] | undefined): string[] =>
  header === undefined ? [] : Array.isArray(header) ? header : [header];
