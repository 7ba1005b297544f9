import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { invalidParameter } from '../input-faults.ts';
import { verifyOldPassword } from '../login-profiles/change-own-password.ts';
import { longestPasswordLookedAt } from '../login-profiles/password-rules.ts';
import type { OperationContext } from '../operation.ts';
import { clearTries, takeTry } from '../throttle/throttle.ts';
import { verifyTotp } from './mfa.ts';

export const codeField = z
  .string()
  .regex(/^[0-9]{6}$/, { error: 'A code has six digits.' })
  .meta({ examples: ['492039'] });

/** What shows that the caller is at the keyboard, and not only somebody with the token: one of the two. */
export const proofFields = {
  password: z.string().min(1).max(longestPasswordLookedAt).optional(),
  code: codeField.optional(),
};

interface Proof {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
}

/**
 * Proves the caller anew before a factor changes (ASVS 5.0, 7.5.1): by a code that is used up with it, or by the password where the caller came with
 * a second factor. Else a password and an access key, which needs no second factor, would do to be rid of it. Wrong ones count with the tries at
 * the logon page. Throws `InvalidParameter` without a proof that counts, `CheckAuthenticationCodeFail`, `InvalidOldPassword`, `Throttling`.
 */
export async function proveAnew(context: OperationContext, { password, code }: Proof): Promise<void> {
  if (code !== undefined) {
    await countingCodes(context, () => verifyTotp(context, context.caller, code, Math.floor(Date.now() / 1000)));
  } else if (password === undefined) {
    throw missing('Password', 'Prove that it is you: send your password, or a code of a device you have.');
  } else if (!context.caller.mfaPresent) {
    throw missing('Code', 'You came without a second factor: send a code of a device you have, not your password.');
  } else await verifyOldPassword(context, password);
}

const missing = (name: 'Password' | 'Code', detail: string): AppError =>
  invalidParameter([{ pointer: '', code: `MissingParameter.${name}`, detail }]);

/** Counts a try at codes before it is evaluated. Throws `CheckAuthenticationCodeFail` for a wrong one, `Throttling` after too many. */
export async function countingCodes(
  { ephemeral, caller }: Pick<OperationContext, 'ephemeral' | 'caller'>,
  evaluate: () => Promise<boolean>,
): Promise<void> {
  const { accountId, userName, sourceIp = '' } = caller;
  const counted = { accountId, userName, factor: 'second-factor', sourceIp } as const;
  const refused = await takeTry(ephemeral, counted);
  if (refused !== undefined) {
    throw new AppError('Throttling', 'Too many tries; wait a while.', { retryAfterSeconds: refused.waitSeconds });
  }
  if (!(await evaluate()))
    throw new AppError('CheckAuthenticationCodeFail', 'The code is not right, or was used already.');
  await clearTries(ephemeral, counted);
}
