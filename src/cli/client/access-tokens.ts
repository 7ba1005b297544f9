import { z } from 'zod';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { AccessKeyCredentials, Credentials } from './credentials.ts';
import { renewedLogin } from './login-renewal.ts';
import type { ManagementApi } from './management-api.ts';
import { readJson, refusal, send } from './requests.ts';
import { expiryOf, isDue } from './token-expiry.ts';

interface Token {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
}

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });

/** Opens the management API with what was found. The first token is fetched at once, so that wrong credentials end the verb early. */
export async function connect(terminal: Terminal, credentials: Credentials): Promise<ManagementApi> {
  const { issuer } = credentials;
  const fetchToken = (): Promise<Token> =>
    'login' in credentials ? renewedLogin(terminal, credentials) : exchangeAccessKey(credentials);
  let token = await fetchToken();
  return {
    issuer,
    wayBackIn:
      'login' in credentials ? `Run "postern login --profile ${credentials.profile}" to sign in again.` : undefined,
    accessToken: async () => {
      if (isDue(token.accessTokenExpiresAt)) token = await fetchToken();
      return token.accessToken;
    },
  };
}

/** Exchanges the access key for a token (RFC 6749 section 4.4), for the management API alone (RFC 8707). */
async function exchangeAccessKey({ issuer, accessKeyId, accessKeySecret }: AccessKeyCredentials): Promise<Token> {
  const basic = Buffer.from(`${encodeURIComponent(accessKeyId)}:${encodeURIComponent(accessKeySecret)}`);
  const answer = await send(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic.toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${issuer}/api/v1` }),
  });
  if (!answer.ok) throw await refusal(answer);
  const parsed = tokenAnswer.safeParse(await readJson(answer));
  if (!parsed.success) throw new CliFailure(`${issuer} did not answer with a token. Is it an issuer of Postern?`);
  const { access_token: accessToken, expires_in: seconds } = parsed.data;
  return { accessToken, accessTokenExpiresAt: expiryOf(seconds) };
}
