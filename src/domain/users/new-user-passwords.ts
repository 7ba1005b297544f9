import { z } from 'zod';
import { longestImportedHash, readImportedHash } from '../../crypto/imported-hashes.ts';
import type { FieldFault } from '../app-error.ts';
import { invalidParameter } from '../input-faults.ts';
import { newInitialPassword } from '../login-profiles/initial-password.ts';
import { checkNewPassword } from '../login-profiles/new-password.ts';
import { loadPasswordAccount, type PasswordAccount } from '../login-profiles/password-account.ts';
import { newPasswordField } from '../login-profiles/password-rules.ts';
import type { OperationContext } from '../operation.ts';

/** A hash that another system made: what is written down wrong, or would cost too much to verify, is refused here and not met at a logon. */
const passwordHashField = z
  .string()
  .max(longestImportedHash)
  .refine((text) => readImportedHash(text) !== undefined, {
    params: { fault: 'Format' },
    error:
      'This is no hash that can be taken over (argon2id, argon2i, bcrypt, scrypt, PBKDF2), or one that costs too much to verify.',
  })
  .meta({
    description:
      'The hash of the password that the user has in another system, in PHC string format (argon2id, argon2i, scrypt, PBKDF2), modular crypt ' +
      "format (bcrypt) or Django's. Replaced by a hash of our own at the first logon. Needs `ram:ImportPasswordHash` too.",
    examples: ['$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
  });

/** May log on to pages, with this password, with one they have already, or with one that is generated. */
export const consoleLogonField = z
  .strictObject({
    password: newPasswordField.optional(),
    passwordHash: passwordHashField.optional(),
    resetRequired: z
      .boolean()
      .optional()
      .meta({ description: 'A password of their own at the first logon; true unless a hash is taken over.' }),
    mfaRequired: z.boolean().default(false),
  })
  .refine(({ password, passwordHash }) => password === undefined || passwordHash === undefined, {
    path: ['passwordHash'],
    params: { fault: 'Conflict' },
    error: 'Give a password or the hash of one, not both.',
  });

type ConsoleLogon = z.infer<typeof consoleLogonField>;

/** A password ready to store, and to hand over if it was generated. */
export interface PreparedPassword {
  readonly passwordHash: string;
  readonly initialPassword?: string | undefined;
  readonly resetRequired: boolean;
  /** Dies unused: somebody else knows it. A password that was taken over is its user's own. */
  readonly expires: boolean;
}

interface NewUserWithPassword {
  readonly userName: string;
  readonly displayName: string;
  readonly email?: string | undefined;
  readonly consoleLogon?: ConsoleLogon | undefined;
}

/**
 * The passwords of new users, in their order; undefined for who gets none. Throws all faults at once, pointing into `/users`. They are hashed one
 * after the other, so that a hundred new users do not stand before those who log on.
 */
export async function preparePasswords(
  context: OperationContext,
  users: readonly NewUserWithPassword[],
): Promise<readonly (PreparedPassword | undefined)[]> {
  const account = await loadPasswordAccount(context.db, context.caller.accountId);
  const faults = await Promise.all(
    users.map((user, index) => passwordFaults(context, user, account, `/users/${index}/consoleLogon/password`)),
  );
  if (faults.flat().length > 0) throw invalidParameter(faults.flat());
  const prepared: (PreparedPassword | undefined)[] = [];
  for (const { userName, consoleLogon } of users) {
    const hash = (password: string) => context.passwordHasher.hash(password);
    prepared.push(
      consoleLogon === undefined
        ? undefined
        : await prepare(consoleLogon, () => newInitialPassword(account.policy, userName), hash),
    );
  }
  return prepared;
}

async function passwordFaults(
  context: OperationContext,
  { consoleLogon, ...names }: NewUserWithPassword,
  account: PasswordAccount,
  pointer: string,
): Promise<FieldFault[]> {
  if (consoleLogon?.password === undefined) return [];
  return await checkNewPassword(context, consoleLogon.password, { ...names, ...account, pointer });
}

async function prepare(
  { password, passwordHash, resetRequired }: ConsoleLogon,
  generate: () => string,
  hash: (password: string) => Promise<string>,
): Promise<PreparedPassword> {
  if (passwordHash !== undefined) return { passwordHash, resetRequired: resetRequired ?? false, expires: false };
  const initialPassword = password === undefined ? generate() : undefined;
  const reset = resetRequired ?? true;
  return {
    passwordHash: await hash(password ?? initialPassword ?? ''),
    initialPassword,
    resetRequired: reset,
    expires: reset,
  };
}
