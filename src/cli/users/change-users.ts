import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { callApi } from '../client/management-api.ts';
import { CliFailure, usageFailure } from '../failure.ts';
import { emptyIsNull } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { formatHandover, printable } from '../text.ts';
import { formatUser, userAnswer } from './user-answers.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

interface UpdateOptions extends CommonOptions {
  readonly newName?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly mobilePhone?: string;
  readonly comments?: string;
}

interface ResetOptions extends CommonOptions {
  readonly mfaRequired?: boolean;
  readonly resetRequired: boolean;
  readonly passwordStdin?: boolean;
}

const loginProfileAnswer = z.looseObject({ initialPassword: z.string().optional() });

export function addUpdateUser(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('update <userName>'))
    .description('change fields of a user; an empty text takes a field away')
    .option('--new-name <name>', 'rename; the user id stays')
    .option('--display-name <text>')
    .option('--email <address>')
    .option('--mobile-phone <number>')
    .option('--comments <text>')
    .addHelpText(
      'after',
      '\nExamples:\n  postern user update alice --email alice@example.org\n  postern user update alice --comments ""',
    )
    .action(async (userName: string, options: UpdateOptions) => {
      const changes = changesOf(options);
      if (Object.keys(changes).length === 0) throw usageFailure('Say what to change, e.g. --email alice@example.org.');
      await changeUser(terminal, userName, changes, options);
    });
}

/** Only what was said: an absent field stays as it is. */
function changesOf({ newName, displayName, email, mobilePhone, comments }: UpdateOptions): Record<string, unknown> {
  const removable = {
    email: emptyIsNull(email),
    mobilePhone: emptyIsNull(mobilePhone),
    comments: emptyIsNull(comments),
  };
  const changes = { userName: newName, displayName, ...removable };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** `enable` and `disable`. A frozen user's pages, keys and tokens stop before the verb ends. */
export function addUserStatusVerbs(noun: Command, terminal: Terminal): void {
  const verbs = [
    { verb: 'enable', status: 'active', effect: 'let a disabled user in again' },
    { verb: 'disable', status: 'frozen', effect: 'stop a user: pages, access keys and tokens end at once' },
  ];
  for (const { verb, status, effect } of verbs) {
    withApiOptions(noun.command(`${verb} <userName>`))
      .description(effect)
      .addHelpText('after', `\nExample:\n  postern user ${verb} alice`)
      .action(async (userName: string, options: CommonOptions) => {
        await changeUser(terminal, userName, { status }, options);
      });
  }
}

async function changeUser(
  terminal: Terminal,
  userName: string,
  changes: object,
  options: CommonOptions,
): Promise<void> {
  const api = await openApi(terminal, options);
  const changed = await fetchAs(api, userAnswer, { method: 'PATCH', path: ['users', userName], body: changes });
  printResult(terminal, options, changed, () => formatUser(changed));
}

export function addDeleteUser(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('delete <userName>'))
    .description('delete a user')
    .option('--cascade', 'also what hangs on the user: password, access keys, MFA devices, policies')
    .addHelpText('after', '\nExample:\n  postern user delete alice --cascade')
    .action(async (userName: string, options: CommonOptions & { cascade?: boolean }) => {
      const api = await openApi(terminal, options);
      const query = options.cascade === true ? { cascade: 'true' } : {};
      await callApi(api, { method: 'DELETE', path: ['users', userName], query }).catch(namingCascade);
      printResult(terminal, options, { deleted: userName }, () => `User ${printable(userName)} is deleted.`);
    });
}

/** The server speaks of its own parameter; here it is an option. */
function namingCascade(error: unknown): never {
  if (!(error instanceof CliFailure) || error.code !== 'DeleteConflict.User') throw error;
  const { code, details } = error;
  throw new CliFailure('Something still hangs on this user; --cascade takes it along.', { code, details });
}

export function addResetPassword(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('reset-password <userName>'))
    .description('give a user a new one-time password; prints what to hand over')
    .option('--no-reset-required', 'the password may be kept after the next logon')
    .option('--mfa-required', 'a second factor must be bound at the next logon')
    .option('--password-stdin', 'read the password instead of generating one')
    .addHelpText(
      'after',
      '\nExamples:\n  postern user reset-password alice\n  postern user reset-password alice --password-stdin < file',
    )
    .action(async (userName: string, options: ResetOptions) => {
      const { resetRequired, mfaRequired, passwordStdin } = options;
      const password =
        passwordStdin === true ? { password: await terminal.readSecret('Password: ') } : { generatePassword: true };
      const api = await openApi(terminal, options);
      const body = { ...password, resetRequired, ...(mfaRequired === true ? { mfaRequired } : {}) };
      const profile = await fetchAs(api, loginProfileAnswer, {
        method: 'PUT',
        path: ['users', userName, 'login-profile'],
        body,
      });
      const { logonName } = await fetchAs(api, userAnswer, { method: 'GET', path: ['users', userName] });
      const handover = { logonUrl: api.issuer, logonName, initialPassword: profile.initialPassword };
      printResult(terminal, options, { ...profile, ...handover }, () => formatHandover(handover));
    });
}
