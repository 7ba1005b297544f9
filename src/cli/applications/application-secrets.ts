import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { callApi } from '../client/management-api.ts';
import type { Terminal } from '../terminal.ts';
import { formatFields, formatTable, printable, shortTime } from '../text.ts';
import { createdSecretAnswer, secretAnswer } from './application-answers.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

const secretList = z.looseObject({ items: z.array(secretAnswer) });

const rotateExamples = `
Without --remove-others the earlier secrets stay, so that no instance fails meanwhile: roll out the new one,
then "postern application delete-secret" for the old one.

Examples:
  postern application rotate-secret app_…
  postern application rotate-secret app_… --remove-others`;

export function addRotateSecret(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('rotate-secret <clientId>'))
    .description('make a new secret; shown this once')
    .option('--remove-others', 'the secrets there are now end at once')
    .addHelpText('after', rotateExamples)
    .action(async (clientId: string, options: CommonOptions & { removeOthers?: boolean }) => {
      const api = await openApi(terminal, options);
      const body = { removeOthers: options.removeOthers === true };
      const path = ['applications', clientId, 'secrets'];
      const created = await fetchAs(api, createdSecretAnswer, { method: 'POST', path, body });
      printResult(terminal, options, created, () =>
        formatFields([
          ['Client id', clientId],
          ['Client secret', created.clientSecret],
          ['Secret id', created.secret.secretId],
        ]),
      );
    });
}

export function addListSecrets(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('list-secrets <clientId>'))
    .description('list the secrets of an application, without their values')
    .addHelpText('after', '\nExample:\n  postern application list-secrets app_…')
    .action(async (clientId: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const path = ['applications', clientId, 'secrets'];
      const found = await fetchAs(api, secretList, { method: 'GET', path });
      const rows = found.items.map((secret) => [secret.secretId, shortTime(secret.createdAt)]);
      printResult(terminal, options, found, () => formatTable(['ID', 'CREATED'], rows));
    });
}

export function addDeleteSecret(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('delete-secret <clientId> <secretId>'))
    .description('end one secret at once')
    .addHelpText('after', '\nExample:\n  postern application delete-secret app_… sec_…')
    .action(async (clientId: string, secretId: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'DELETE', path: ['applications', clientId, 'secrets', secretId] });
      printResult(terminal, options, { deleted: secretId }, () => `Secret ${printable(secretId)} is deleted.`);
    });
}
