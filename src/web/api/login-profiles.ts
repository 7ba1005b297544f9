import { deleteLoginProfile, getLoginProfile } from '../../domain/login-profiles/login-profile-operations.ts';
import type { LoginProfileView } from '../../domain/login-profiles/login-profile-view.ts';
import { putLoginProfile } from '../../domain/login-profiles/put-login-profile.ts';
import { type ApiRequest, gone, ok, type Reading, type Route, route } from './route.ts';

export const loginProfileRoutes: readonly Route[] = [
  route('GET /users/:userName/login-profile', getLoginProfile, readUser, (profile) => ok(presentLoginProfile(profile))),
  route('PUT /users/:userName/login-profile', putLoginProfile, readProfile, ({ loginProfile, initialPassword }) =>
    ok({ loginProfile: presentLoginProfile(loginProfile), initialPassword }),
  ),
  route('DELETE /users/:userName/login-profile', deleteLoginProfile, readUser, gone),
];

function readUser({ params }: ApiRequest): Reading {
  return { input: { userName: params['userName'] } };
}

function readProfile({ params, body }: ApiRequest): Reading {
  return { input: { userName: params['userName'], profile: body ?? {} }, bodyAt: '/profile' };
}

const presentLoginProfile = (profile: LoginProfileView) => ({
  userName: profile.userName,
  status: profile.status,
  resetRequired: profile.resetRequired,
  mfaRequired: profile.mfaRequired,
  passwordSetAt: profile.passwordSetAt,
  initialPasswordExpiresAt: profile.initialPasswordExpiresAt,
  createdAt: profile.createdAt,
  updatedAt: profile.updatedAt,
});
