import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';
import type { Access } from '../policies/policy-document.ts';
import type { ApplicationSettings } from './application-rules.ts';

/** `acs:ram:*:<account>:application/app_…`; `*` stands for all applications of the account. */
export const applicationResource = (clientId: string, { accountId }: Pick<Caller, 'accountId'>): string =>
  `acs:ram:*:${accountId}:application/${clientId}`;

export const noSuchApplication = (): AppError =>
  new AppError('EntityNotExist.Application', 'This application does not exist.');

type GrantableRights = { readonly [Right in 'apiAccess' | 'firstParty']?: ApplicationSettings[Right] | undefined };

/**
 * Rights of an application reach further than the right to manage it: with API access it acts as whoever signs in, and as a
 * first party it asks nobody. So each has an action of its own. Taking them away needs none.
 */
export function grantsOf({ apiAccess, firstParty }: GrantableRights, resource: string): Access[] {
  const actions = [
    ...(apiAccess === undefined || apiAccess === 'none' ? [] : ['ram:GrantApplicationApiAccess']),
    ...(firstParty === true ? ['ram:GrantApplicationFirstParty'] : []),
  ];
  return actions.map((action) => ({ action, resource }));
}
