import { z } from 'zod';
import { loadPasswordPolicy, type PasswordPolicy } from '../accounts/password-policy.ts';
import { AppError } from '../app-error.ts';
import { invalidParameter } from '../input-faults.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { clearTries, takeTry } from '../throttle/throttle.ts';
import { userResource } from '../users/user-resource.ts';
import { lockUser, raiseUserEpoch } from '../users/users-store.ts';
import { findLoginProfile, replaceOwnPassword } from './login-profiles-store.ts';
import { countReuseCheck, rememberPassword, reuseFault } from './password-history.ts';
import { checkPassword, longestPasswordLookedAt, newPasswordField, weakPassword } from './password-rules.ts';

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
    const policy = await loadPasswordPolicy(context.db, context.caller.accountId);
    refuseWeak(context, input, policy);
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

function refuseWeak(
  { caller }: OperationContext,
  { oldPassword, newPassword }: ChangePasswordInput,
  policy: PasswordPolicy,
): void {
  const faults = [
    ...checkPassword(newPassword, { userName: caller.userName, policy, pointer }),
    ...(oldPassword === newPassword ? [weakPassword(pointer, 'The new password is the old one.')] : []),
  ];
  if (faults.length > 0) throw invalidParameter(faults);
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
export async function verifyOldPassword(
  { db, ephemeral, passwordHasher, caller }: OperationContext,
  oldPassword: string,
): Promise<string> {
  const { accountId, userName, sourceIp = '' } = caller;
  const { maxLoginAttemps } = await loadPasswordPolicy(db, accountId);
  const counted = { accountId, userName, factor: 'password', sourceIp, triesPerHour: maxLoginAttemps } as const;
  const refused = await takeTry(ephemeral, counted);
  if (refused !== undefined) {
    throw new AppError('Throttling', 'Too many tries; wait a while.', { retryAfterSeconds: refused.waitSeconds });
  }
  const profile = await findLoginProfile(db, caller.userId);
  if (!(await passwordHasher.verify(oldPassword, profile?.passwordHash)) || profile === undefined)
    throw invalidOldPassword();
  await clearTries(ephemeral, counted);
  return profile.passwordHash;
}
