import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { usageFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { createdUserAnswer, formatCreatedUsers } from './user-answers.ts';

interface CreateOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly mobilePhone?: string;
  readonly comments?: string;
  readonly consoleLogon: boolean;
  readonly resetRequired: boolean;
  readonly mfaRequired?: boolean;
  readonly accessKey?: boolean;
  readonly passwordStdin?: boolean;
}

const createdUsersAnswer = z.looseObject({ items: z.array(createdUserAnswer) });

const examples = `
Examples:
  postern user create alice --display-name "Alice Li" --email alice@example.com
  postern user create bob carol dave          three at once, all or none
  postern user create robot --no-console-logon --access-key`;

export function addCreateUser(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('create <userName...>'))
    .description('create users; prints what to hand over to each')
    .option('--display-name <text>', 'default: the user name')
    .option('--email <address>')
    .option('--mobile-phone <number>', '<country>-<number>, e.g. 86-18600000000')
    .option('--comments <text>')
    .option('--no-console-logon', 'no password: the user cannot log on to pages')
    .option('--no-reset-required', 'the password may be kept after the first logon')
    .option('--mfa-required', 'a second factor must be bound at the first logon')
    .option('--access-key', 'make an access key too')
    .option('--password-stdin', 'read the password instead of generating one (one user)')
    .addHelpText('after', examples)
    .action(async (userNames: string[], options: CreateOptions) => {
      const inputs = await userInputs(terminal, userNames, options);
      const api = await openApi(terminal, options);
      const [only, ...others] = inputs;
      if (others.length === 0) {
        const created = await fetchAs(api, createdUserAnswer, { method: 'POST', path: ['users'], body: only });
        printResult(terminal, options, created, () => formatCreatedUsers([created], options.consoleLogon));
        return;
      }
      const created = await fetchAs(api, createdUsersAnswer, { method: 'POST', path: ['users'], body: inputs });
      printResult(terminal, options, created, () => formatCreatedUsers(created.items, options.consoleLogon));
    });
}

async function userInputs(terminal: Terminal, userNames: readonly string[], options: CreateOptions) {
  const { displayName, email, mobilePhone, comments, consoleLogon, accessKey, passwordStdin, resetRequired } = options;
  const personal = [displayName, email, mobilePhone, passwordStdin].some((value) => value !== undefined);
  if (userNames.length > 1 && personal) {
    throw usageFailure('--display-name, --email, --mobile-phone and --password-stdin are for one user at a time.');
  }
  if (!consoleLogon && passwordStdin === true)
    throw usageFailure('--password-stdin makes no sense without logon to pages.');
  const password = passwordStdin === true ? await terminal.readSecret('Password: ') : undefined;
  const logon = { password, resetRequired, mfaRequired: options.mfaRequired === true };
  return userNames.map((userName) => ({
    userName,
    displayName: displayName ?? userName,
    email,
    mobilePhone,
    comments,
    ...(consoleLogon ? { consoleLogon: logon } : {}),
    ...(accessKey === true ? { programmaticAccess: true } : {}),
  }));
}
