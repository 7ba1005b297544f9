import type { Database } from '../../storage/db/database.ts';
import { AppError } from '../app-error.ts';
import { insertCurrentAlias, raiseAccountEpoch, touchAccount } from './accounts-store.ts';
import { type AliasRow, listAliases, updateAliasState } from './aliases-store.ts';
import { loadQuotas } from './quotas.ts';

/** The name an account had before, and the one it has now; null where its id serves. */
export interface Renaming {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Gives the account another name, or none. The present one goes on as an issuer until it is released; a name that the account had before may
 * come back. Lock the account first. Throws `EntityAlreadyExists.AccountAlias` for a name that is or ever was another account's,
 * `LimitExceeded.AccountAlias` for one too many: no name is ever free for others again.
 */
export async function renameAccount(tx: Database, accountId: string, to: string | null): Promise<Renaming> {
  const known = await listAliases(tx, accountId);
  const from = known.find(({ state }) => state === 'current')?.alias ?? null;
  if (from === to) return { from, to };
  if (from !== null) await updateAliasState(tx, { accountId, alias: from }, 'former');
  if (to !== null) await takeName(tx, accountId, to, known);
  await touchAccount(tx, accountId);
  return { from, to };
}

async function takeName(tx: Database, accountId: string, alias: string, known: readonly AliasRow[]): Promise<void> {
  const own = known.find((row) => row.alias === alias);
  if (own !== undefined) {
    await updateAliasState(tx, own, 'current');
    // What was issued under the name ended when it was released, and stays so: it could not be told from what is issued from now on.
    if (own.state === 'released') await raiseAccountEpoch(tx, accountId);
    return;
  }
  const { accountAliasesQuota: most } = await loadQuotas(tx, accountId);
  if (known.length >= most) {
    const detail = `An account has at most ${most} names in its life; it can go back to one it had.`;
    throw new AppError('LimitExceeded.AccountAlias', detail);
  }
  if (!(await insertCurrentAlias(tx, alias, accountId))) throw nameTaken(alias);
}

const nameTaken = (alias: string): AppError =>
  new AppError('EntityAlreadyExists.AccountAlias', `The alias "${alias}" is taken.`);
