import type { Command } from 'commander';
import { fetchAs, openApi, printResult, withApiOptions } from './client/api-verb.ts';
import type { Terminal } from './terminal.ts';
import { formatFields } from './text.ts';
import { userAnswer } from './users/user-answers.ts';

/** `postern account …` */
export function addAccountCommands(program: Command, terminal: Terminal): void {
  const noun = program.command('account').description('the account itself');
  withApiOptions(noun.command('show'))
    .description('show which account the access key belongs to, and whom it acts as')
    .addHelpText('after', '\nExamples:\n  postern account show\n  postern account show --json')
    .action(async (options: { json?: boolean; profile?: string }) => {
      const api = await openApi(terminal, options);
      const user = await fetchAs(api, userAnswer, { method: 'GET', path: ['me'] });
      // The issuer is the logon address: the one address that people and apps are given.
      printResult(terminal, options, { issuer: api.issuer, logonUrl: api.issuer, user }, () =>
        formatFields([
          ['Issuer and logon address', api.issuer],
          ['Acting as', user.logonName],
          ['User id', user.userId],
        ]),
      );
    });
}
