import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';

/** What belongs to the account as a whole, its names and settings: RAM's resource `*`. */
export const accountResource = ({ accountId }: Pick<Caller, 'accountId'>): string => `acs:ram:*:${accountId}:*`;

/** An account as the platform sees it; `*` stands for all of them. */
export const platformAccountResource = ({ accountId }: { readonly accountId: string }): string =>
  `acs:postern:*:${accountId}:account/${accountId}`;

export const noSuchAccount = (): AppError => new AppError('EntityNotExist.Account', 'This account does not exist.');
