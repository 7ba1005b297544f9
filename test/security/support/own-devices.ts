import { codeAt } from '../../support/authenticator-app.ts';
import {
  accessKeyToken,
  type ApiAnswer,
  callApi,
  type TestAccount,
  type TestUser,
} from '../../support/test-account.ts';

const presentStep = (): number => Math.floor(Date.now() / 30_000);

/** The code that an app with this seed shows now, or so many steps later. */
export const codeNow = (secret: string, later = 0): Promise<string> => codeAt(secret, presentStep() + later);

/** What is begun by `POST /me/mfa-devices`. */
export interface PendingApp {
  readonly id: string;
  readonly secret: string;
}

/** A user of the API with an access key of their own; each call is made with a new token. */
export interface KeyHolder {
  readonly user: TestUser;
  readonly call: (line: string, body?: unknown) => Promise<ApiAnswer>;
  readonly beginApp: () => Promise<PendingApp>;
  /** Binds what was begun, perhaps by somebody else, by its codes and the password. */
  readonly activate: (pending: PendingApp) => Promise<ApiAnswer>;
}

export async function giveKey(account: TestAccount, user: TestUser): Promise<KeyHolder> {
  const { accessKey } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
    accessKey: { id: string; secret: string };
  };
  const call: KeyHolder['call'] = async (line, body) =>
    await callApi(account.issuer, await accessKeyToken(account.issuer, accessKey), line, body);
  return {
    ...{ user, call },
    beginApp: async () => {
      const { id, secret } = (await call('POST /me/mfa-devices')).body as unknown as PendingApp;
      return { id, secret };
    },
    activate: async ({ id, secret }) => {
      const step = presentStep();
      const [authenticationCode1, authenticationCode2] = await Promise.all(
        [step - 1, step].map((at) => codeAt(secret, at)),
      );
      const codes = { authenticationCode1, authenticationCode2 };
      return await call(`POST /me/mfa-devices/${id}/activation`, { ...codes, password: user.password });
    },
  };
}
