import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from './client/api-verb.ts';
import { callApi } from './client/management-api.ts';
import type { Terminal } from './terminal.ts';
import { formatAccessKey, formatFields, formatTable, printable, shortTime } from './text.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

const accessKey = z.looseObject({
  id: z.string(),
  status: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullish(),
  lastUsedAt: z.string().nullish(),
  lastUsedService: z.string().nullish(),
});
const accessKeyList = z.looseObject({ items: z.array(accessKey) });
const createdAccessKey = z.looseObject({ accessKey: z.looseObject({ id: z.string(), secret: z.string() }) });

const pathOf = (userName: string, id?: string): string[] => [
  'users',
  userName,
  'access-keys',
  ...(id === undefined ? [] : [id]),
];

/** `postern access-key …` and `postern user access-key …` */
export function addAccessKeyVerbs(noun: Command, terminal: Terminal): void {
  addCreate(noun, terminal);
  addList(noun, terminal);
  addStatusVerb(noun, terminal, 'enable', 'active');
  addStatusVerb(noun, terminal, 'disable', 'inactive');
  addDelete(noun, terminal);
}

function addCreate(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('create <userName>'))
    .description('make a key; its secret is shown this once')
    .addHelpText('after', '\nExample:\n  postern access-key create robot --json')
    .action(async (userName: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const created = await fetchAs(api, createdAccessKey, { method: 'POST', path: pathOf(userName) });
      printResult(terminal, options, created, () => formatFields(formatAccessKey(created.accessKey)));
    });
}

function addList(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('list <userName>'))
    .description('list the keys of a user')
    .addHelpText('after', '\nExample:\n  postern access-key list robot')
    .action(async (userName: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const found = await fetchAs(api, accessKeyList, { method: 'GET', path: pathOf(userName) });
      const rows = found.items.map((key) => [
        key.id,
        key.status,
        shortTime(key.createdAt),
        shortTime(key.expiresAt),
        shortTime(key.lastUsedAt),
        key.lastUsedService,
      ]);
      printResult(terminal, options, found, () =>
        formatTable(['ID', 'STATUS', 'CREATED', 'ENDS', 'LAST USED', 'SERVICE'], rows),
      );
    });
}

function addStatusVerb(noun: Command, terminal: Terminal, verb: 'enable' | 'disable', status: string): void {
  withApiOptions(noun.command(`${verb} <userName> <accessKeyId>`))
    .description(`${verb} a key`)
    .addHelpText('after', `\nExample:\n  postern access-key ${verb} robot PSTK…`)
    .action(async (userName: string, id: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const changed = await callApi(api, { method: 'PATCH', path: pathOf(userName, id), body: { status } });
      printResult(terminal, options, changed, () => `Access key ${printable(id)} is ${status}.`);
    });
}

function addDelete(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('delete <userName> <accessKeyId>'))
    .description('delete a key')
    .addHelpText('after', '\nExample:\n  postern access-key delete robot PSTK…')
    .action(async (userName: string, id: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'DELETE', path: pathOf(userName, id) });
      printResult(terminal, options, { deleted: id }, () => `Access key ${printable(id)} is deleted.`);
    });
}
