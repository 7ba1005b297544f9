import { type Command, Option } from 'commander';
import { z } from 'zod';
import { fetchAs, openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { callApi } from '../client/management-api.ts';
import { policyTypeOf } from '../policy-type.ts';
import type { Terminal } from '../terminal.ts';
import { formatTable, printable, shortTime } from '../text.ts';

interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

interface AttachmentOptions extends CommonOptions {
  readonly policyType?: string;
}

const attachmentList = z.looseObject({
  items: z.array(
    z.looseObject({
      policyType: z.string(),
      policyName: z.string(),
      attachedAt: z.string(),
      throughGroup: z.string().nullish(),
    }),
  ),
});

const policyTypeOption = () =>
  new Option('--policy-type <type>', 'whose policy it is; default: told by its name').choices(['system', 'custom']);

const pathOf = (userName: string, policyName: string, { policyType }: AttachmentOptions): string[] => [
  ...['users', userName, 'policies', policyType ?? policyTypeOf(policyName), policyName],
];

/** What a user may do: `attach-policy`, `detach-policy`, `list-policies`. */
export function addUserPolicyVerbs(noun: Command, terminal: Terminal): void {
  addAttach(noun, terminal);
  addDetach(noun, terminal);
  addList(noun, terminal);
}

function addAttach(noun: Command, terminal: Terminal): void {
  withApiOptions(noun.command('attach-policy <userName> <policyName>'))
    .description('give a user the rights of a policy')
    .addOption(policyTypeOption())
    .addHelpText(
      'after',
      '\nExamples:\n  postern user attach-policy alice AliyunRAMReadOnlyAccess\n  postern user attach-policy alice wiki-editors',
    )
    .action(async (userName: string, policyName: string, options: AttachmentOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'PUT', path: pathOf(userName, policyName, options) });
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
    .description('take the rights of a policy from a user')
    .addOption(policyTypeOption())
    .addHelpText(
      'after',
      '\nExamples:\n  postern user detach-policy alice AliyunRAMReadOnlyAccess\n  postern user detach-policy alice wiki-editors',
    )
    .action(async (userName: string, policyName: string, options: AttachmentOptions) => {
      const api = await openApi(terminal, options);
      await callApi(api, { method: 'DELETE', path: pathOf(userName, policyName, options) });
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
    .description('list the policies of a user, those of their groups too')
    .addHelpText('after', '\nExample:\n  postern user list-policies alice')
    .action(async (userName: string, options: CommonOptions) => {
      const api = await openApi(terminal, options);
      const found = await fetchAs(api, attachmentList, { method: 'GET', path: ['users', userName, 'policies'] });
      const rows = found.items.map((one) => [
        ...[one.policyName, one.policyType, shortTime(one.attachedAt)],
        one.throughGroup,
      ]);
      printResult(terminal, options, found, () => formatTable(['POLICY', 'TYPE', 'ATTACHED', 'BY GROUP'], rows));
    });
}
