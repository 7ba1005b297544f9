import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Backend } from '../../compose.ts';
import type { Config } from '../../config/config.ts';
import { countAccounts } from '../../domain/accounts/accounts-store.ts';
import { createAccount, type NewAccountHandover } from '../../domain/accounts/create-account.ts';
import { findUser } from '../../domain/users/users-store.ts';

/** What the embedded default starts with, for somebody who just wants to see it. */
const firstAccount = { alias: 'demo', adminUserName: 'admin', isPlatform: true } as const;

/** Where the first start leaves what it made, readable by its owner alone. */
export const firstRunFile = (dataDir: string): string => resolve(dataDir, 'first-run.json');

const firstRun = z.looseObject({ publicUrl: z.string(), accountId: z.string(), adminUserName: z.string() });

type FirstRun = z.infer<typeof firstRun>;

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
    await writeFirstRun(config, handover);
    return handover;
  });
}

/**
 * What the file of the first start is still good for: its address follows `PUBLIC_URL`, since the command line finds the server
 * by it. Answers where it is while nobody has logged on with what stands in it, and undefined otherwise.
 */
export async function followFirstRun(config: Config, { db }: Backend): Promise<string | undefined> {
  const file = firstRunFile(config.dataDir);
  const known = await readFirstRun(file);
  if (known === undefined) return undefined;
  if (known.publicUrl !== config.publicUrl) await writeFirstRun(config, { ...known, publicUrl: config.publicUrl });
  const administrator = await findUser(db, known.accountId, { userName: known.adminUserName });
  return administrator?.lastLogonAt === null ? file : undefined;
}

/** A file that is absent, or that somebody made into something else, is left alone. */
async function readFirstRun(file: string): Promise<FirstRun | undefined> {
  try {
    return firstRun.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Written aside and moved: whoever reads it finds the whole of it, and nobody else may. */
async function writeFirstRun({ dataDir }: Config, content: NewAccountHandover | FirstRun): Promise<void> {
  const file = firstRunFile(dataDir);
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
