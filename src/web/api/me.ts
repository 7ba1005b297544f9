import { changeOwnPassword } from '../../domain/login-profiles/change-own-password.ts';
import { getOwnUser } from '../../domain/users/get-user.ts';
import { type ApiRequest, gone, ok, type Reading, type Route, route } from './route.ts';
import { presentUser } from './users.ts';

/** The caller's own. */
export const meRoutes: readonly Route[] = [
  route(
    'GET /me',
    getOwnUser,
    () => ({ input: {} }),
    (user) => ok(presentUser(user)),
  ),
  route('PUT /me/password', changeOwnPassword, readPasswords, gone),
  route('POST /me/password', changeOwnPassword, readPasswords, gone),
];

function readPasswords({ body }: ApiRequest): Reading {
  return { input: body, bodyAt: '' };
}
