import { is } from 'drizzle-orm';
import { PgTransaction } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';
import type { UserSelector } from './user-fields.ts';
import { findUser } from './users-store.ts';

type AccountOf = Pick<Caller, 'accountId'>;

/** `acs:ram:*:<account>:user/alice`; `*` stands for all users of the account. */
export const userResource = (userName: string, { accountId }: AccountOf): string =>
  `acs:ram:*:${accountId}:user/${userName}`;

/**
 * The resource a selector names. Policies speak of names, so an id is looked up; one that nobody has becomes a name that
 * no user can have: whoever may touch all users learns that it is absent, others learn nothing. In a transaction the name stays
 * what it was found to be until the end: renames lock the account first, so this does too.
 */
export async function selectedUserResource(selector: UserSelector, caller: AccountOf, db: Database): Promise<string> {
  if ('userName' in selector) return userResource(selector.userName, caller);
  if (is(db, PgTransaction)) await lockAccount(db, caller.accountId);
  const user = await findUser(db, caller.accountId, selector);
  return userResource(user?.userName ?? `by-id/${selector.userId}`, caller);
}

export const noSuchUser = (): AppError => new AppError('EntityNotExist.User', 'This user does not exist.');
