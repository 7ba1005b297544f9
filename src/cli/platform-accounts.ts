import type { Command } from 'commander';
import { openApi, printResult, withApiOptions } from './client/api-verb.ts';
import { callApi } from './client/management-api.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';

const verbs = [
  { verb: 'suspend', status: 'suspended', effect: 'stop an account: its sessions and tokens end at once' },
  {
    verb: 'resume',
    status: 'active',
    effect: 'bring a suspended account back, or a deleted one that is not erased yet',
  },
];

/** `postern platform-account suspend` and `resume`; the other verbs come from the endpoints. */
export function addPlatformAccountVerbs(noun: Command, terminal: Terminal): void {
  for (const { verb, status, effect } of verbs) {
    withApiOptions(noun.command(`${verb} <accountId>`))
      .description(effect)
      .addHelpText('after', `\nExample:\n  postern platform-account ${verb} 5123456789012345`)
      .action(async (accountId: string, options: { json?: boolean; profile?: string }) => {
        const api = await openApi(terminal, options);
        const changed = await callApi(api, { method: 'PATCH', path: ['accounts', accountId], body: { status } });
        printResult(terminal, options, changed, () => `Account ${printable(accountId)} is ${status}.`);
      });
  }
}
