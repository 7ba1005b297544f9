import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { clientId, requestLogin } from '../client/login-renewal.ts';
import type { Login } from '../client/profiles-file.ts';
import { readJson, refusal, send } from '../client/requests.ts';
import { CliFailure } from '../failure.ts';
import { printable } from '../text.ts';

const metadata = z.object({ issuer: z.string(), authorization_endpoint: z.string() });

/** Makes sure that an address is an issuer, under the very name that it is asked for (RFC 8414 section 3.3), and not something else. */
export async function discover(issuer: string): Promise<{ readonly authorizationEndpoint: string }> {
  const answer = await send(`${issuer}/.well-known/openid-configuration`, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw await refusal(answer);
  const parsed = metadata.safeParse(await readJson(answer));
  if (!parsed.success) throw new CliFailure(`${issuer} is not an issuer of Postern.`);
  const { issuer: named, authorization_endpoint: authorizationEndpoint } = parsed.data;
  if (named !== issuer || !authorizationEndpoint.startsWith(`${issuer}/`)) {
    throw new CliFailure(`${issuer} calls itself ${printable(named)}; sign in at that address.`, {
      code: 'IssuerMismatch',
    });
  }
  return { authorizationEndpoint };
}

/** A sign-in under way: what is sent, and what the answer is checked against. */
export interface SignIn {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly state: string;
  /** RFC 7636. */
  readonly codeVerifier: string;
}

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Where the browser goes. `readOnly` asks for a token that changes nothing. */
export function authorizationAddress(
  endpoint: string,
  { issuer, redirectUri, state, codeVerifier }: SignIn,
  readOnly: boolean,
): string {
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state },
    scope: readOnly ? 'openid management:read' : 'openid management:read management:full',
    resource: `${issuer}/api/v1`,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

/** Turns the browser's answer into a login. The answer must be of the issuer that was asked (RFC 9207). */
export async function redeem(signIn: SignIn, answer: URLSearchParams): Promise<Login> {
  const { issuer, redirectUri, codeVerifier } = signIn;
  if (answer.get('iss') !== issuer) {
    throw new CliFailure('The answer came from another issuer than was asked.', { code: 'IssuerMismatch' });
  }
  const [code, error] = [answer.get('code'), answer.get('error')];
  if (code === null) {
    const why = answer.get('error_description');
    const message = error === 'access_denied' ? 'The sign-in was refused in the browser.' : 'The sign-in failed.';
    throw new CliFailure(message, { code: error ?? 'LoginFailed', details: why === null ? [] : [printable(why)] });
  }
  return await requestLogin(
    issuer,
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier },
    new Date().toISOString(),
  );
}
