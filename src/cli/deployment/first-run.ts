import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from '../../compose.ts';
import type { Config } from '../../config/config.ts';
import { countAccounts } from '../../domain/accounts/accounts-store.ts';
import { createAccount, type NewAccountHandover } from '../../domain/accounts/create-account.ts';

/** What the embedded default starts with, for somebody who just wants to see it. */
const firstAccount = { alias: 'demo', adminUserName: 'admin', isPlatform: true } as const;

/** Where the first start leaves what it made, readable by its owner alone. */
const firstRunFile = ({ dataDir }: Config): string => join(dataDir, 'first-run.json');

/**
 * Makes the first account of an embedded deployment. Answers undefined when there is an account already. The file is written
 * before the account is committed: killed in between, the next start makes both anew, and none is ever without the other.
 */
export async function makeFirstAccount(config: Config, backend: Backend): Promise<NewAccountHandover | undefined> {
  const { db, keyRing, passwordHasher } = backend;
  if ((await countAccounts(db)) > 0) return undefined;
  return await db.transaction(async (tx) => {
    const deps = { db: tx, keyRing, passwordHasher, publicUrl: config.publicUrl };
    const handover = await createAccount(deps, firstAccount);
    await writeFile(firstRunFile(config), `${JSON.stringify(handover, null, 2)}\n`, { mode: 0o600, flush: true });
    return handover;
  });
}
