import { z } from 'zod';
import { deleteLoginProfile, getLoginProfile } from '../../domain/login-profiles/login-profile-operations.ts';
import type { LoginProfileView } from '../../domain/login-profiles/login-profile-view.ts';
import { putLoginProfile } from '../../domain/login-profiles/put-login-profile.ts';
import { instant } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';
import { shownOnce } from './shown-once.ts';

const loginProfileBody = z
  .object({
    userName: z.string().meta({ examples: ['alice'] }),
    status: z.enum(['active', 'inactive']),
    resetRequired: z.boolean().meta({ description: 'A new password is asked for at the next logon.' }),
    mfaRequired: z.boolean().meta({ description: 'Binding a second factor is asked for at the next logon.' }),
    passwordSetAt: instant,
    initialPasswordExpiresAt: instant.nullable(),
    passwordExpiresAt: instant.nullable().meta({ description: "By the account's policy; null where it sets no age." }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'LoginProfile' });

const path = '/users/:userName/login-profile';
const absent = ['EntityNotExist.User', 'EntityNotExist.User.LoginProfile'] as const;

export const loginProfileRoutes = routeGroup('Login profiles', 'Whether and how a user may log on to pages.', [
  route(`GET ${path}`, getLoginProfile, {
    summary: 'Read a login profile',
    answer: loginProfileBody,
    present: presentLoginProfile,
    refuses: absent,
  }),
  route(`PUT ${path}`, putLoginProfile, {
    summary: 'Create or change a login profile',
    description:
      'With neither `password` nor `generatePassword` an existing password stays, and a new profile gets a generated one. ' +
      "A change ends the user's sessions and tokens.",
    body: 'profile',
    creates: true,
    answer: z.object({
      loginProfile: loginProfileBody,
      initialPassword: shownOnce('Where one was generated; in this answer only.').optional(),
    }),
    present: ({ loginProfile, initialPassword }) => ({
      loginProfile: presentLoginProfile(loginProfile),
      initialPassword,
    }),
    refuses: ['EntityNotExist.User', 'InvalidParameter.Password.TooWeak', 'DeleteConflict.LastAdministrator'],
    example: { body: { generatePassword: true, resetRequired: true } },
  }),
  route(`DELETE ${path}`, deleteLoginProfile, {
    summary: 'Delete a login profile',
    description: 'The user can log on to pages no more; sessions and tokens end at once.',
    refuses: [...absent, 'DeleteConflict.LastAdministrator'],
  }),
]);

function presentLoginProfile(profile: LoginProfileView): z.infer<typeof loginProfileBody> {
  return {
    userName: profile.userName,
    status: profile.status,
    resetRequired: profile.resetRequired,
    mfaRequired: profile.mfaRequired,
    passwordSetAt: profile.passwordSetAt,
    initialPasswordExpiresAt: profile.initialPasswordExpiresAt,
    passwordExpiresAt: profile.passwordExpiresAt,
    createdAt: profile.createdAt,
    updatedAt: profile.updatedAt,
  };
}
