import type { Command } from 'commander';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { listUpTo } from '../client/list-up-to.ts';
import { callApi } from '../client/management-api.ts';
import { wholeNumber } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { formatTable, printable } from '../text.ts';
import { applicationAnswer, formatApplication } from './application-answers.ts';
import { addDeleteSecret, addListSecrets, addRotateSecret } from './application-secrets.ts';
import { addCreateApplication, addUpdateApplication } from './write-applications.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

/** `postern application …` */
export function addApplicationVerbs(noun: Command, terminal: Terminal): void {
  addCreateApplication(noun, terminal);
  addListApplications(noun, terminal);
  addShowApplication(noun, terminal);
  addUpdateApplication(noun, terminal);
  addDeleteApplication(noun, terminal);
  addRotateSecret(noun, terminal);
  addListSecrets(noun, terminal);
  addDeleteSecret(noun, terminal);
}

function addListApplications(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('list'))
    .description('list applications')
    .option('--q <text>', 'in the display name')
    .option('--limit <number>', 'at most so many', wholeNumber(100_000), 100)
    .addHelpText('after', '\nExample:\n  postern application list')
    .action(async (options: CommonOptions & { q?: string; limit: number }) => {
      const { q, limit } = options;
      const api = await openApi(terminal, options);
      const list = { path: ['applications'], query: { q }, limit, searchable: true };
      const found = await listUpTo(terminal, api, applicationAnswer, list);
      const rows = found.items.map((one) => [one.clientId, one.displayName, one.type, one.apiAccess]);
      printResult(terminal, options, found, () => formatTable(['CLIENT ID', 'NAME', 'TYPE', 'API ACCESS'], rows));
    });
}

function addShowApplication(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('show <clientId>'))
    .description('show one application')
    .addHelpText('after', '\nExample:\n  postern application show app_…')
    .action(async (clientId: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const found = await fetchAs(api, applicationAnswer, { method: 'GET', path: ['applications', clientId] });
      printResult(terminal, options, found, () => formatApplication(found));
    });
}

function addDeleteApplication(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('delete <clientId>'))
    .description('delete an application; its tokens end at once')
    .addHelpText('after', '\nExample:\n  postern application delete app_…')
    .action(async (clientId: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'DELETE', path: ['applications', clientId] });
      printResult(terminal, options, { deleted: clientId }, () => `Application ${printable(clientId)} is deleted.`);
    });
}
