import { z } from 'zod';
import { AppError } from '../app-error.ts';
import type { Operation } from '../operation.ts';
import { insertAccountEnding } from '../sessions/session-endings-store.ts';
import { accountResource } from './account-resource.ts';
import { lockAccount, touchAccount } from './accounts-store.ts';
import { type AliasRow, listAliases, updateAliasState } from './aliases-store.ts';

/** A name of the account. `releasedAt`: since when it is no issuer any more. */
export type AliasView = Pick<AliasRow, 'alias' | 'state' | 'createdAt' | 'releasedAt'>;

const listInput = z.strictObject({});

/** Every name the account ever had; few, by quota. */
export const listAccountAliases: Operation<z.infer<typeof listInput>, undefined, { items: readonly AliasView[] }> = {
  name: 'ListAccountAliases',
  action: 'ram:ListAccountAliases',
  effect: 'read',
  input: listInput,
  resource: (_input, caller) => accountResource(caller),
  perform: async ({ db, caller }) => ({ items: await listAliases(db, caller.accountId) }),
};

const releaseInput = z.strictObject({ accountAlias: z.string().min(3).max(51) });

/**
 * Ends a former name as an issuer, on every process before this answers: each request finds the account changed. The sessions there end with it,
 * and their apps are told. Nobody else ever gets the name.
 */
export const releaseAccountAlias: Operation<z.infer<typeof releaseInput>, undefined, undefined> = {
  name: 'ReleaseAccountAlias',
  action: 'ram:ReleaseAccountAlias',
  effect: 'change',
  input: releaseInput,
  resource: (_input, caller) => accountResource(caller),
  auditDetails: ({ accountAlias }) => ({ alias: accountAlias }),
  perform: async ({ db, caller: { accountId } }, { accountAlias }) => {
    await lockAccount(db, accountId);
    const known = (await listAliases(db, accountId)).find(({ alias }) => alias === accountAlias);
    if (known === undefined || known.state === 'released') {
      throw new AppError('EntityNotExist.AccountAlias', 'The account has no such name.');
    }
    if (known.state === 'current') {
      throw new AppError('DeleteConflict.AccountAlias', 'This is the present name of the account; rename it first.');
    }
    await updateAliasState(db, known, 'released');
    await touchAccount(db, accountId);
    await insertAccountEnding(db, accountId);
    return undefined;
  },
};
