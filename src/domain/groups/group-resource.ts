import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';

/** `acs:ram:*:<account>:group/developers`; `*` stands for all groups of the account. */
export const groupResource = (groupName: string, { accountId }: Pick<Caller, 'accountId'>): string =>
  `acs:ram:*:${accountId}:group/${groupName}`;

export const noSuchGroup = (): AppError => new AppError('EntityNotExist.Group', 'This group does not exist.');
