import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from './client/api-verb.ts';
import { ServerRefusal } from './client/requests.ts';
import type { Terminal } from './terminal.ts';
import { formatFields, printable } from './text.ts';
import { userAnswer } from './users/user-answers.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

const accountAnswer = z.looseObject({
  accountId: z.string(),
  alias: z.string().nullable(),
  defaultDomain: z.string(),
  logonUrl: z.string(),
  helpText: z.string().nullish(),
  auditRetentionDays: z.number().optional(),
});

type Account = z.infer<typeof accountAnswer>;

/** `postern account show` and `rename`; the other verbs come from the endpoints. */
export function addAccountVerbs(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('show'))
    .description('show the account, and as whom you see it')
    .addHelpText('after', '\nExamples:\n  postern account show\n  postern account show --json')
    .action(async (options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const user = await fetchAs(api, userAnswer, { method: 'GET', path: ['me'] });
      // Who may not look at the account may still know where they are.
      const account = await fetchAs(api, accountAnswer, { method: 'GET', path: ['account'] }).catch(unlessForbidden);
      const logonUrl = account?.logonUrl ?? api.issuer;
      printResult(terminal, options, { issuer: api.issuer, logonUrl, user, ...(account && { account }) }, () =>
        formatFields([
          ['Issuer and logon address', api.issuer],
          ['Acting as', user.logonName],
          ['User id', user.userId],
          ...(account === undefined ? [] : accountLines(account)),
        ]),
      );
    });
  addRename(noun, terminal);
}

const accountLines = ({ accountId, alias, defaultDomain, helpText, auditRetentionDays }: Account) =>
  [
    ['Account id', accountId],
    ['Alias', alias],
    ['Default domain', defaultDomain],
    ['Help text', helpText],
    ['Days audit events are kept', auditRetentionDays],
  ] as const;

function unlessForbidden(error: unknown): undefined {
  if (error instanceof ServerRefusal && error.status === 403) return undefined;
  throw error;
}

const renameHelp = `
The former name goes on as an issuer for the apps that use it, until "postern account release-alias". Log on under the new one from now on;
profiles of the command line keep the address that they have.

Example:
  postern account rename acme-group`;

function addRename(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('rename <alias>'))
    .description('give the account another alias')
    .addHelpText('after', renameHelp)
    .action(async (alias: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const request = { method: 'PATCH', path: ['account'], body: { alias } } as const;
      const account = await fetchAs(api, accountAnswer, request);
      printResult(terminal, options, account, () => printable(`The account is now at ${account.logonUrl}.`));
    });
}
