import type { Command } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { callApi } from '../client/management-api.ts';
import type { Terminal } from '../terminal.ts';
import { formatTable, printable, shortTime } from '../text.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

const attachmentList = z.looseObject({
  items: z.array(z.looseObject({ policyType: z.string(), policyName: z.string(), attachedAt: z.string() })),
});

/** Policies that come with the product are the only ones there are so far. */
const pathOf = (userName: string, policyName: string): string[] => [
  'users',
  userName,
  'policies',
  'system',
  policyName,
];

/** What a user may do: `attach-policy`, `detach-policy`, `list-policies`. */
export function addUserPolicyVerbs(noun: Command, terminal: Terminal): void {
  addAttach(noun, terminal);
  addDetach(noun, terminal);
  addList(noun, terminal);
}

function addAttach(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('attach-policy <userName> <policyName>'))
    .description('give a user the rights of a system policy')
    .addHelpText('after', '\nExample:\n  postern user attach-policy alice AliyunRAMReadOnlyAccess')
    .action(async (userName: string, policyName: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'PUT', path: pathOf(userName, policyName) });
      printResult(
        terminal,
        options,
        { userName, attached: policyName },
        () => `Policy ${printable(policyName)} is attached to ${printable(userName)}.`,
      );
    });
}

function addDetach(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('detach-policy <userName> <policyName>'))
    .description('take the rights of a system policy from a user')
    .addHelpText('after', '\nExample:\n  postern user detach-policy alice AliyunRAMReadOnlyAccess')
    .action(async (userName: string, policyName: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'DELETE', path: pathOf(userName, policyName) });
      printResult(
        terminal,
        options,
        { userName, detached: policyName },
        () => `Policy ${printable(policyName)} is detached from ${printable(userName)}.`,
      );
    });
}

function addList(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('list-policies <userName>'))
    .description('list the policies attached to a user')
    .addHelpText('after', '\nExample:\n  postern user list-policies alice')
    .action(async (userName: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const found = await fetchAs(api, attachmentList, { method: 'GET', path: ['users', userName, 'policies'] });
      const rows = found.items.map((one) => [one.policyName, one.policyType, shortTime(one.attachedAt)]);
      printResult(terminal, options, found, () => formatTable(['POLICY', 'TYPE', 'ATTACHED'], rows));
    });
}
