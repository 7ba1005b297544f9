import { clientId } from '../client/login-renewal.ts';
import type { Login } from '../client/profiles-file.ts';
import { refusal, send } from '../client/requests.ts';

/** Ends a login at the server (RFC 7009): the refresh token, and with it every token that came of it. */
export async function revokeLogin({
  issuer,
  login,
}: {
  readonly issuer: string;
  readonly login: Login;
}): Promise<void> {
  const answer = await send(`${issuer}/oauth2/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: login.refreshToken, token_type_hint: 'refresh_token', client_id: clientId }),
  });
  if (!answer.ok) throw await refusal(answer);
}
