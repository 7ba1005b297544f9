import { z } from 'zod';
import { preparedPassword } from '../../crypto/prepared-password.ts';
import type { PasswordPolicy } from '../accounts/password-policy.ts';
import { AppError } from '../app-error.ts';
import { invalidParameter } from '../input-faults.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { takeOwnPasswordTry } from '../throttle/callers-tries.ts';
import { clearTries } from '../throttle/throttle.ts';
import { verifyTriedPassword } from '../throttle/tried-password.ts';
import { userResource } from '../users/user-resource.ts';
import { findUser, lockUser, raiseUserEpoch } from '../users/users-store.ts';
import { findLivePasswordHash, replaceOwnPassword } from './login-profiles-store.ts';
import { checkNewPassword } from './new-password.ts';
import { loadPasswordAccount } from './password-account.ts';
import { weakPassword } from './password-flaws.ts';
import { countReuseCheck, rememberPassword, reuseFault } from './password-history.ts';
import { longestPasswordLookedAt, newPasswordField } from './password-rules.ts';

const changePasswordInput = z.strictObject({
  oldPassword: z.string().min(1).max(longestPasswordLookedAt),
  newPassword: newPasswordField,
});

type ChangePasswordInput = z.infer<typeof changePasswordInput>;

interface PreparedHashes {
  readonly verified: string;
  readonly next: string;
}

/**
 * The caller's own password, proved by the old one (ASVS 5.0, 6.2.3). Ends all of the caller's sessions and tokens, this one too.
 * Throws `InvalidOldPassword`, or `Throttling` after too many wrong ones.
 */
export const changeOwnPassword: Operation<ChangePasswordInput, PreparedHashes, void> = {
  name: 'ChangePassword',
  action: 'ram:ChangePassword',
  effect: 'change',
  selfService: 'allowUserToChangePassword',
  input: changePasswordInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  prepare: async (context, input) => {
    const policy = await refuseWeak(context, input);
    const verified = await verifyOldPassword(context, input.oldPassword);
    await refuseReused(context, input, { verified, policy });
    return { verified, next: await context.passwordHasher.hash(input.newPassword) };
  },
  perform: async ({ db, caller }, _input, hashes) => {
    // The user before what hangs on the user, as everywhere: two changes at once must not wait for one another.
    const { accountId, userId } = caller;
    await lockUser(db, accountId, { userId });
    if (!(await replaceOwnPassword(db, userId, hashes))) throw invalidOldPassword();
    await rememberPassword(db, { accountId, userId, passwordHash: hashes.verified });
    await raiseUserEpoch(db, userId);
  },
};

const invalidOldPassword = () => new AppError('InvalidOldPassword', 'The old password is not right.');

const pointer = '/newPassword';

/** Answers the policy that the password meets. */
async function refuseWeak(
  context: OperationContext,
  { oldPassword, newPassword }: ChangePasswordInput,
): Promise<PasswordPolicy> {
  const { accountId, userId, userName } = context.caller;
  const account = await loadPasswordAccount(context.db, accountId);
  const user = (await findUser(context.db, accountId, { userId })) ?? { userName };
  const isOldOne = preparedPassword(oldPassword) === preparedPassword(newPassword);
  const faults = [
    ...(await checkNewPassword(context, newPassword, { ...user, ...account, pointer })),
    ...(isOldOne ? [weakPassword(pointer, { kind: 'present' })] : []),
  ];
  if (faults.length > 0) throw invalidParameter(faults);
  return account.policy;
}

async function refuseReused(
  context: OperationContext,
  { newPassword }: ChangePasswordInput,
  { verified, policy }: { readonly verified: string; readonly policy: PasswordPolicy },
): Promise<void> {
  await countReuseCheck(context, policy);
  const owner = { userId: context.caller.userId, passwordHash: verified };
  const fault = await reuseFault(context, owner, newPassword, policy);
  if (fault !== undefined) throw invalidParameter([weakPassword(pointer, fault)]);
}

/** Answers the stored hash that the old password matched. Counted with the tries at the logon page, before it is verified. */
export async function verifyOldPassword(context: OperationContext, oldPassword: string): Promise<string> {
  const counted = await takeOwnPasswordTry(context);
  const hash = await findLivePasswordHash(context.db, context.caller.userId);
  const matches = await verifyTriedPassword(context, { password: oldPassword, hash, counted });
  if (!matches || hash === undefined) throw invalidOldPassword();
  await clearTries(context.ephemeral, counted);
  return hash;
}
