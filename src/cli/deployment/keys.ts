import type { Command } from 'commander';
import { rewrapSealedValues } from '../../domain/sealed-values/rewrap-sealed-values.ts';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { withDatabase } from './deployment-database.ts';

const help = `
To replace a key: put a new one first in ENCRYPTION_KEYS on every server and restart them, run this, and after a while
take the old one out. Browser sessions and logons begun under a key that is taken out end with it.

Example:
  ENCRYPTION_KEYS=k2:…,k1:… postern keys rewrap`;

/** `postern keys …` */
export function addEncryptionKeyVerbs(noun: Command, terminal: Terminal): void {
  noun
    .command('rewrap')
    .description('seal every stored secret under the first key of the ring')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', help)
    .action(async ({ json }: { json?: boolean }) => {
      const { rewrapped, failed } = await withDatabase(terminal, ({ db, keyRing }) => rewrapSealedValues(db, keyRing));
      if (failed > 0) {
        throw new CliFailure(`${failed} stored secrets open with no key of the ring; ${rewrapped} were sealed again.`, {
          code: 'KeyMissing',
          details: ['Put the key they were sealed under back into the ring and run this again.'],
        });
      }
      terminal.out(
        json === true
          ? JSON.stringify({ rewrapped })
          : `${rewrapped} stored secrets are sealed under the first key now.`,
      );
    });
}
