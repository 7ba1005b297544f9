import { z } from 'zod';
import { loadPasswordPolicy } from '../accounts/password-policy.ts';
import { AppError } from '../app-error.ts';
import { invalidParameter } from '../input-faults.ts';
import { requireAccess } from '../authorise.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { requireRightToSetCredentials } from '../policies/platform-administrators.ts';
import { takeOwnPasswordTry } from '../throttle/callers-tries.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { findUser, lockUser, raiseUserEpoch, type UserRow } from '../users/users-store.ts';
import { newInitialPassword } from './initial-password.ts';
import { type LoginProfileView, viewLoginProfile } from './login-profile-view.ts';
import {
  findLoginProfile,
  insertLoginProfiles,
  type LoginProfileRow,
  updateLoginProfile,
} from './login-profiles-store.ts';
import { checkNewPassword } from './new-password.ts';
import { loadPasswordAccount, type PasswordAccount } from './password-account.ts';
import { weakPassword } from './password-flaws.ts';
import { countReuseCheck, rememberPassword, reuseFault } from './password-history.ts';
import { newPasswordField } from './password-rules.ts';

/** What is left out stays as it is; in a new profile: a generated password, active, no MFA required. */
const putLoginProfileInput = z.strictObject({
  userName: userNameField,
  profile: z
    .strictObject({
      password: newPasswordField.optional(),
      generatePassword: z.boolean().default(false),
      /** With a new password: true unless the caller is the user. */
      resetRequired: z.boolean().optional(),
      mfaRequired: z.boolean().optional(),
      status: z.enum(['active', 'inactive']).optional(),
    })
    .refine(({ password, generatePassword: generate }) => password === undefined || !generate, {
      path: ['generatePassword'],
      params: { fault: 'Conflict' },
      error: 'Give a password or have one generated, not both.',
    }),
});

type PutLoginProfileInput = z.infer<typeof putLoginProfileInput>;

/** A password ready to store, and to hand over if it was generated. */
interface PreparedPassword {
  readonly passwordHash: string;
  readonly initialPassword: string | undefined;
}

interface PutLoginProfileOutput {
  readonly loginProfile: LoginProfileView;
  readonly initialPassword?: string | undefined;
  readonly passwordChanged: boolean;
}

/** Lets a user log on to pages, or changes how. A change of an existing profile ends the user's sessions and tokens at once. */
export const putLoginProfile: Operation<PutLoginProfileInput, PreparedPassword | undefined, PutLoginProfileOutput> = {
  name: 'PutLoginProfile',
  action: 'ram:UpdateLoginProfile',
  effect: 'change',
  input: putLoginProfileInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  auditDetails: ({ profile }, { passwordChanged }) => ({
    changed: Object.keys(profile).filter((field) => field !== 'password' && field !== 'generatePassword'),
    passwordChanged,
  }),
  prepare: async (context, input) => {
    const { password, generatePassword: generate } = input.profile;
    const user = await findUser(context.db, context.caller.accountId, input);
    if (user === undefined) throw noSuchUser();
    await requireRightToSetCredentials(context, user.userId);
    const existing = await findLoginProfile(context.db, user.userId);
    if (password === undefined && !generate && existing !== undefined) return undefined;
    const account = await loadPasswordAccount(context.db, user.accountId);
    if (password === undefined) {
      const initialPassword = newInitialPassword(account.policy, user.userName);
      return { passwordHash: await context.passwordHasher.hash(initialPassword), initialPassword };
    }
    const faults = await checkNewPassword(context, password, { ...user, ...account, pointer });
    if (faults.length > 0) throw invalidParameter(faults);
    if (existing !== undefined) await refuseReuse(context, existing, input.profile, account);
    return { passwordHash: await context.passwordHasher.hash(password), initialPassword: undefined };
  },
  perform: async (context, input, prepared) => {
    const write = () => writeProfile(context, input, prepared);
    return input.profile.status === 'inactive'
      ? await keepingAnAdministrator(context.db, context.caller.accountId, write)
      : await write();
  },
};

const pointer = '/profile/password';

/**
 * A password that is to last must not be one that was in use before, whoever sets it. One for a first logon may: its user chooses another, and
 * whoever gives it out learns nothing of those before.
 */
async function refuseReuse(
  context: OperationContext,
  existing: LoginProfileRow,
  { password = '', resetRequired }: PutLoginProfileInput['profile'],
  { policy }: PasswordAccount,
): Promise<void> {
  const isOwn = existing.userId === context.caller.userId;
  if (!(isOwn || resetRequired === false) || policy.passwordReusePrevention === 0) return;
  // The answer says whether it is the password they have, which nobody has proved to know here.
  if (isOwn) await takeOwnPasswordTry(context);
  await countReuseCheck(context, policy);
  const fault = await reuseFault(context, existing, password, policy);
  if (fault !== undefined) throw invalidParameter([weakPassword(pointer, fault)]);
}

async function writeProfile(
  context: OperationContext,
  { userName, profile }: PutLoginProfileInput,
  prepared: PreparedPassword | undefined,
): Promise<PutLoginProfileOutput> {
  const user = await lockUser(context.db, context.caller.accountId, { userName });
  if (user === undefined) throw noSuchUser();
  await requireRightToSetCredentials(context, user.userId);
  const existing = await findLoginProfile(context.db, user.userId);
  // A profile that appeared while we hashed keeps its password unless this call asks for another.
  const replaces = profile.password !== undefined || profile.generatePassword || existing === undefined;
  const password = replaces ? prepared : undefined;
  const row =
    existing === undefined
      ? await createProfile(context, user, profile, password)
      : await changeProfile(context, existing, profile, password);
  return {
    loginProfile: viewLoginProfile(row, user.userName, await loadPasswordPolicy(context.db, user.accountId)),
    initialPassword: password?.initialPassword,
    passwordChanged: password !== undefined,
  };
}

type ProfileInput = PutLoginProfileInput['profile'];

async function createProfile(
  context: OperationContext,
  { userId, accountId, userName }: UserRow,
  input: ProfileInput,
  password: PreparedPassword | undefined,
): Promise<LoginProfileRow> {
  await requireAccess(context, [
    { action: 'ram:CreateLoginProfile', resource: userResource(userName, context.caller) },
  ]);
  if (password === undefined)
    throw new AppError('ServiceUnavailable', 'The login profile was just removed; try again.', {
      retryAfterSeconds: 1,
    });
  const ownPassword = userId === context.caller.userId;
  const { status = 'active', resetRequired = !ownPassword, mfaRequired = false } = input;
  const expires = resetRequired && !ownPassword;
  const { passwordHash } = password;
  const [row] = await insertLoginProfiles(context.db, [
    { userId, accountId, passwordHash, status, resetRequired, mfaRequired, expires },
  ]);
  if (row === undefined) throw new Error('an inserted login profile did not come back');
  return row;
}

async function changeProfile(
  { db, caller }: OperationContext,
  existing: LoginProfileRow,
  input: ProfileInput,
  prepared: PreparedPassword | undefined,
): Promise<LoginProfileRow> {
  const ownPassword = existing.userId === caller.userId;
  const resetRequired = input.resetRequired ?? (prepared === undefined ? existing.resetRequired : !ownPassword);
  const { status = existing.status, mfaRequired = existing.mfaRequired } = input;
  if (prepared !== undefined) await rememberPassword(db, existing);
  const password = prepared && { passwordHash: prepared.passwordHash, expires: resetRequired && !ownPassword };
  const row = await updateLoginProfile(db, existing.userId, { status, resetRequired, mfaRequired, password });
  if (row === undefined) throw new Error('a locked login profile vanished');
  await raiseUserEpoch(db, existing.userId);
  return row;
}
