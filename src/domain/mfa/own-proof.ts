import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { invalidParameter } from '../input-faults.ts';
import { verifyOldPassword } from '../login-profiles/change-own-password.ts';
import { longestPasswordLookedAt } from '../login-profiles/password-rules.ts';
import type { OperationContext } from '../operation.ts';
import { triesOfCaller } from '../throttle/callers-tries.ts';
import { requireTry } from '../throttle/require-try.ts';
import { clearTries } from '../throttle/throttle.ts';
import { verifyTotp } from './mfa.ts';
import { verifyAssertion } from './webauthn/assertion.ts';
import { longestResponse } from './webauthn/posted-credential.ts';

export const codeField = z
  .string()
  .regex(/^[0-9]{6}$/, { error: 'A code has six digits.' })
  .meta({ examples: ['492039'] });

/** What a page posted, and the session for whose page its challenge was made: `<issuer name>:<uid>`. */
export const postedFields = {
  response: z.string().min(1).max(longestResponse),
  boundTo: z.string().min(1).max(256),
};

/** What shows that the caller is at the keyboard, and not only somebody with the token: one of these. */
export const proofFields = {
  password: z.string().min(1).max(longestPasswordLookedAt).optional(),
  code: codeField.optional(),
  passkey: z
    .strictObject(postedFields)
    .optional()
    .meta({ description: 'Only the portal sends it: a challenge is made for a page, and answered in the browser.' }),
};

export interface Proof {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
  readonly passkey?: { readonly response: string; readonly boundTo: string } | undefined;
}

/**
 * Proves the caller anew before a factor changes (ASVS 5.0, 7.5.1): by a passkey or security key of theirs, by a code that is used up with it, or by the
 * password where the caller came with a second factor. Else a password and an access key, which needs no second factor, would do to be rid of it.
 * Wrong codes and passwords count with the tries at the logon page. Throws `InvalidParameter` without a proof that counts, `CheckAuthenticationCodeFail`,
 * `InvalidOldPassword`, `Throttling`.
 */
export async function proveAnew(context: OperationContext, { password, code, passkey }: Proof): Promise<void> {
  if (passkey !== undefined) await provePasskey(context, passkey);
  else if (code !== undefined) {
    const presented = { code, nowSeconds: Math.floor(Date.now() / 1000) };
    await countingCodes(context, () => verifyTotp(context, context.caller, presented));
  } else if (password === undefined) {
    throw missing('Password', 'Prove that it is you: send your password, or a code of a device you have.');
  } else if (!context.caller.mfaPresent) {
    throw missing('Code', 'You came without a second factor: send a code of a device you have, not your password.');
  } else await verifyOldPassword(context, password);
}

/** Proves a caller who has no second factor yet: by the password, whatever they came with. Throws as `proveAnew`. */
export async function provePassword(context: OperationContext, { password }: Proof): Promise<void> {
  if (password === undefined) throw missing('Password', 'Prove that it is you: send your password.');
  await verifyOldPassword(context, password);
}

async function provePasskey(context: OperationContext, passkey: NonNullable<Proof['passkey']>): Promise<void> {
  const { caller } = context;
  if (caller.via !== 'session') {
    const detail = 'Passkeys are asked for by the portal only; send a code of an authenticator app.';
    throw invalidParameter([{ pointer: '/passkey', code: 'InvalidParameter.Passkey.Value', detail }]);
  }
  const { accountId, userId } = caller;
  const claim = { ...passkey, accountId, userId, ceremony: 'confirm' } as const;
  // Nobody can guess it, so it neither counts among the codes nor waits because of them.
  if ((await verifyAssertion(context, claim)).outcome !== 'verified') throw wrongProof();
}

const wrongProof = () =>
  new AppError('CheckAuthenticationCodeFail', 'This code or passkey is not right, or was used already.');

const missing = (name: 'Password' | 'Code', detail: string): AppError =>
  invalidParameter([{ pointer: '', code: `MissingParameter.${name}`, detail }]);

/** Counts a try at codes before it is evaluated. Throws `CheckAuthenticationCodeFail` for a wrong one, `Throttling` after too many. */
export async function countingCodes(
  { db, ephemeral, caller }: Pick<OperationContext, 'db' | 'ephemeral' | 'caller'>,
  evaluate: () => Promise<boolean>,
): Promise<void> {
  const counted = await triesOfCaller({ db, caller }, 'second-factor');
  await requireTry(ephemeral, counted);
  if (!(await evaluate())) throw wrongProof();
  await clearTries(ephemeral, counted);
}
