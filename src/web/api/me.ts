import { changeOwnPassword } from '../../domain/login-profiles/change-own-password.ts';
import { getOwnUser } from '../../domain/users/get-user.ts';
import { route, routeGroup } from './route.ts';
import { presentUser, userBody } from './users.ts';

const changingPassword = {
  description: 'Ends all sessions and tokens of the caller, this one too.',
  body: '',
  refuses: ['InvalidOldPassword', 'InvalidParameter.Password.TooWeak', 'Throttling'],
  example: { body: { oldPassword: 'violet-anchor-spoons-91', newPassword: 'Quiet-marble-harbour-38' } },
} as const;

export const meRoutes = routeGroup('Caller', "The caller's own, as preferences and policies allow.", [
  route('GET /me', getOwnUser, { summary: 'Read the caller', answer: userBody, present: presentUser }),
  route('PUT /me/password', changeOwnPassword, { ...changingPassword, summary: "Change the caller's password" }),
  route('POST /me/password', changeOwnPassword, {
    ...changingPassword,
    summary: "Change the caller's password (the same as PUT)",
  }),
]);
