import { z } from 'zod';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { LoginCredentials } from './credentials.ts';
import { changeProfiles, isLogin, type Login } from './profiles-file.ts';
import { readJson, refusal, send, ServerRefusal } from './requests.ts';
import { expiryOf, isDue } from './token-expiry.ts';

/** The client that the command line is at every issuer; a public one, it has no secret. */
export const clientId = 'postern-cli';

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number(), refresh_token: z.string() });

/** Asks the token endpoint (RFC 6749 sections 4.1.3 and 6) for a login, which began at `signedInAt`. */
export async function requestLogin(
  issuer: string,
  parameters: Readonly<Record<string, string>>,
  signedInAt: string,
): Promise<Login> {
  const answer = await send(`${issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...parameters, client_id: clientId, resource: `${issuer}/api/v1` }),
  });
  if (!answer.ok) throw await refusal(answer);
  const parsed = tokenAnswer.safeParse(await readJson(answer));
  if (!parsed.success) throw new CliFailure(`${issuer} did not answer with tokens.`);
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = parsed.data;
  return { accessToken, accessTokenExpiresAt: expiryOf(seconds), refreshToken, signedInAt };
}

/**
 * The login of a profile with a token that is good for a while. A refresh token is good once, so it is used by one process at a time,
 * and each looks first whether another has been there.
 */
export async function renewedLogin(terminal: Terminal, { issuer, profile, login }: LoginCredentials): Promise<Login> {
  if (!isDue(login.accessTokenExpiresAt)) return login;
  const after = await changeProfiles(terminal, async (profiles) => {
    const present = profiles[profile];
    if (present === undefined || !isLogin(present)) throw loginGone(profile);
    if (!isDue(present.login.accessTokenExpiresAt)) return profiles;
    const { refreshToken, signedInAt } = present.login;
    const renewed = await requestLogin(
      issuer,
      { grant_type: 'refresh_token', refresh_token: refreshToken },
      signedInAt,
    ).catch((error: unknown) => {
      throw error instanceof ServerRefusal && error.code === 'invalid_grant' ? loginGone(profile) : error;
    });
    return { ...profiles, [profile]: { issuer, login: renewed } };
  });
  const present = after[profile];
  if (present === undefined || !isLogin(present)) throw loginGone(profile);
  return present.login;
}

const loginGone = (profile: string): CliFailure =>
  new CliFailure(`The login has ended. Run "postern login --profile ${profile}" to sign in again.`, {
    code: 'LoginEnded',
  });
