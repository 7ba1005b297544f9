import { expect } from 'vitest';
import { callApi, newPassword } from '../../support/test-account.ts';
import { everything, type Holdings, nothing, onlyTheKey, type Works } from './holdings.ts';

const ofTheAppAlone = {
  accessToken: false,
  offlineAccessToken: false,
  introspection: false,
  apiToken: false,
  code: false,
  refreshToken: false,
  offlineRefreshToken: false,
  session: false,
  password: false,
};

export interface Removal {
  readonly name: string;
  readonly remove: (holdings: Holdings) => Promise<unknown>;
  readonly leaves: Works;
}

/** Every way to take something from a user, and what it leaves. */
export const removals: readonly Removal[] = [
  {
    name: 'freezing the user',
    remove: ({ account, user }) => account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' }),
    leaves: nothing,
  },
  {
    name: 'deleting the user',
    remove: ({ account, user }) => account.manage(`DELETE /users/${user.userName}?cascade=true`),
    leaves: nothing,
  },
  {
    name: 'deleting the login profile',
    remove: ({ account, user }) => account.manage(`DELETE /users/${user.userName}/login-profile`),
    leaves: onlyTheKey,
  },
  {
    name: 'switching the login profile off',
    remove: ({ account, user }) => account.manage(`PUT /users/${user.userName}/login-profile`, { status: 'inactive' }),
    leaves: onlyTheKey,
  },
  {
    name: 'another password by an administrator',
    remove: ({ account, user }) =>
      account.manage(`PUT /users/${user.userName}/login-profile`, { password: newPassword() }),
    leaves: onlyTheKey,
  },
  {
    name: 'a demand for a second factor',
    remove: ({ account, user }) => account.manage(`PUT /users/${user.userName}/login-profile`, { mfaRequired: true }),
    leaves: { ...onlyTheKey, password: true },
  },
  {
    name: 'another password by the user',
    remove: async ({ account, user, keyToken }) => {
      const answer = await callApi(account.issuer, keyToken, 'POST /me/password', {
        oldPassword: user.password,
        newPassword: newPassword(),
      });
      expect(answer.status).toBe(204);
    },
    leaves: onlyTheKey,
  },
  {
    name: 'freezing and unfreezing',
    remove: async ({ account, user }) => {
      await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
      await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    },
    leaves: { ...onlyTheKey, password: true },
  },
  {
    name: 'switching the key off',
    remove: ({ account, user, key }) =>
      account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'inactive' }),
    leaves: { ...everything, keyToken: false, key: false },
  },
  {
    name: 'switching the key off and on',
    remove: async ({ account, user, key }) => {
      await account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'inactive' });
      await account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'active' });
    },
    leaves: { ...everything, keyToken: false },
  },
  {
    name: 'deleting the key',
    remove: ({ account, user, key }) => account.manage(`DELETE /users/${user.userName}/access-keys/${key.id}`),
    leaves: { ...everything, keyToken: false, key: false },
  },
  {
    name: 'deleting the application',
    remove: ({ account, application }) => account.manage(`DELETE /applications/${application.clientId}`),
    leaves: { ...everything, ...ofTheAppAlone },
  },
  {
    name: 'taking the application’s API access away',
    remove: ({ account, application }) =>
      account.manage(`PATCH /applications/${application.clientId}`, { apiAccess: 'none' }),
    leaves: { ...everything, ...ofTheAppAlone, session: true, password: true },
  },
  {
    name: 'replacing the application’s secret',
    remove: ({ account, application }) =>
      account.manage(`POST /applications/${application.clientId}/secrets`, { removeOthers: true }),
    // Tokens in the hands of the app stay good; whoever has only the old secret gets nothing more for them.
    leaves: { ...everything, introspection: false, code: false, refreshToken: false, offlineRefreshToken: false },
  },
];
