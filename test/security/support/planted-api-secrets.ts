import { type AuthenticatorApp, createAuthenticatorApp } from '../../support/authenticator-app.ts';
import { accessKeyToken, callApi, newPassword, type TestAccount } from '../../support/test-account.ts';

/** What a test knows when it plants secrets of the management API. */
interface ApiField {
  readonly account: TestAccount;
  /** Of the user `canary`. */
  readonly key: { readonly id: string; readonly secret: string };
  readonly password: string;
  /** What the user has bound already. */
  readonly authenticator: AuthenticatorApp;
  /** Notes a secret, and by which request it is handed over. */
  readonly plant: (name: string, secret: string, by?: RegExp) => string;
}

/** Sends a creation under a key that is used twice: what is repeated must not tell its secret again. */
async function createTwice(issuer: string, token: string, path: string): Promise<Record<string, unknown>> {
  const post = async () => {
    const answer = await fetch(`${issuer}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': `twice-${path}` },
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const first = await post();
  await post();
  return first;
}

/** Keys, seeds and proofs of a user's own, rightly and wrongly. Answers the codes typed, which are too short to be planted. */
export async function plantApiSecrets(field: ApiField): Promise<readonly string[]> {
  const { account, key, password, authenticator, plant } = field;
  const { issuer } = account;
  await account.manage('PATCH /account/security-preferences', { allowUserToManageAccessKeys: true });
  const token = plant('token for own things', await accessKeyToken(issuer, key), /\/oauth2\/token$/);
  const own = (line: string, body?: unknown) => callApi(issuer, token, line, body);
  const made = await createTwice(issuer, token, '/me/access-keys');
  const { secret } = made['accessKey'] as { secret: string };
  plant('own access key secret', secret, /^POST .*\/me\/access-keys$/);
  const device = (await createTwice(issuer, token, '/me/mfa-devices')) as { id: string; secret: string };
  const app = createAuthenticatorApp(plant('seed of a second app', device.secret, /^POST .*\/me\/mfa-devices$/));
  const codes = [await app.nextCode(), await app.nextCode()];
  const [authenticationCode1, authenticationCode2] = codes;
  const activation = { authenticationCode1, authenticationCode2 };
  const activate = (proof: object) => own(`POST /me/mfa-devices/${device.id}/activation`, { ...activation, ...proof });
  await activate({ password: plant('wrong password as a proof', newPassword()) });
  await activate({ password, oops: plant('secret in an unknown field', newPassword()) });
  const code = await authenticator.nextCode();
  codes.push(code);
  await activate({ code });
  const proof = { password: plant('wrong password for removing', newPassword()) };
  await own(`DELETE /me/mfa-devices/${device.id}`, proof);
  codes.push(await removeByCode(own, device.id, app));
  await own(`GET /audit-events?user=${plant('secret in a query', newPassword())}`);
  return codes;
}

async function removeByCode(
  own: (line: string, body?: unknown) => ReturnType<typeof callApi>,
  id: string,
  app: AuthenticatorApp,
): Promise<string> {
  await own(`DELETE /me/mfa-devices/${id}`, { code: '000000' });
  const code = await app.nextCode();
  const { status } = await own(`DELETE /me/mfa-devices/${id}`, { code });
  if (status !== 204) throw new Error(`the second app was not removed: ${status}`);
  return code;
}
