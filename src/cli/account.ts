import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from './client/api-verb.ts';
import type { Terminal } from './terminal.ts';
import { formatFields } from './text.ts';

const account = z.looseObject({ accountId: z.string(), alias: z.string().nullish(), logonUrl: z.string() });

/** `postern account …` */
export function addAccountCommands(program: Command, terminal: Terminal): void {
  const noun = program.command('account').description('the account itself');
  withApiOptions(noun.command('show'))
    .description('show the account that the access key belongs to')
    .addHelpText('after', '\nExamples:\n  postern account show\n  postern account show --json')
    .action(async (options: { json?: boolean; profile?: string }) => {
      const api = await openApi(terminal, options);
      const found = await fetchAs(api, account, { method: 'GET', path: ['account'] });
      printResult(terminal, options, found, () =>
        formatFields([
          ['Account id', found.accountId],
          ['Alias', found.alias],
          ['Logon address', found.logonUrl],
        ]),
      );
    });
}
