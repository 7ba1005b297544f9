import { LRUCache } from 'lru-cache';
import type { Account, AccountClaims } from 'oidc-provider';
import { findUserWithGroups, type UserWithGroups } from '../../domain/groups/group-members-store.ts';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import { type DemandingSettings, meetsLogonDemands } from '../../domain/logon/logon-demands.ts';
import { userPrincipalName } from '../../domain/logon/logon-name.ts';
import type { Database } from '../../storage/db/database.ts';
import { findActive, type RequestState } from './request-state.ts';

/** Which claims a scope brings (product.md section 4). The engine filters by this table. */
export const claimsByScope: Record<string, string[]> = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
  profile: ['name', 'preferred_username', 'upn', 'updated_at'],
  email: ['email'],
  phone: ['phone_number'],
  groups: ['groups'],
  ram: ['aid', 'uid'],
};

export interface ClaimsDeps {
  readonly db: Database;
  readonly liveState: LiveState;
  readonly logonDomain: string;
  readonly currentAlias: string;
  readonly settings: DemandingSettings;
}

/** Copies of user rows and the names of their groups, each good while its revision is the present one. */
export type UserCache = LRUCache<string, UserWithGroups>;

const cachedUsers = 5000;

export const createUserCache = (): UserCache => new LRUCache({ max: cachedUsers });

/** The user's row: the copy in memory if it is of the present revision, else read anew. */
export async function findCachedUser(
  db: Database,
  cache: UserCache,
  { accountId, userId, revision }: { accountId: string; userId: string; revision: number },
): Promise<UserWithGroups | undefined> {
  const cached = cache.get(userId);
  if (cached?.revision === revision) return cached;
  const user = await findUserWithGroups(db, { accountId, userId });
  if (user !== undefined) cache.set(userId, user);
  return user;
}

/** Routes of the engine where a session, or what came of it, brings something new: there it has to meet what the account demands by now. */
const givingRoutes: readonly string[] = ['authorization', 'resume', 'token'];

interface AskedAccount {
  readonly userId: string;
  /** The engine's name of the route. */
  readonly route: string;
}

/**
 * Finds the user a token or session speaks of. Undefined, which the engine refuses as a vanished account, unless the user is active and
 * nothing has happened to them since they proved who they are; where something is given, also unless a logon now would ask no more of them.
 */
export async function findAccount(
  deps: ClaimsDeps,
  cache: UserCache,
  state: RequestState,
  { userId, route }: AskedAccount,
): Promise<Account | undefined> {
  const live = await findActive(state, deps.liveState, 'user', userId);
  if (live === undefined || live.epoch !== state.userEpochs.get(userId)) return undefined;
  const { accountId, revision } = live;
  if (givingRoutes.includes(route) && !(await meetsLogonDemands(deps.db, deps.settings, { accountId, userId })))
    return undefined;
  const user = await findCachedUser(deps.db, cache, { accountId, userId, revision });
  return user === undefined ? undefined : { accountId: userId, claims: () => claimsOf(user, deps) };
}

/** RAM notes a number as `86-18600000000`; OpenID Connect Core section 5.1 recommends E.164 for the claim. */
const e164 = (mobilePhone: string): string => `+${mobilePhone.replace('-', '')}`;

function claimsOf(user: UserWithGroups, { currentAlias, logonDomain }: ClaimsDeps): AccountClaims {
  return {
    sub: user.userId,
    name: user.displayName,
    preferred_username: user.userName,
    upn: userPrincipalName(user.userName, currentAlias, logonDomain),
    updated_at: Math.floor(user.updatedAt.getTime() / 1000),
    ...(user.email === null ? {} : { email: user.email }),
    ...(user.mobilePhone === null ? {} : { phone_number: e164(user.mobilePhone) }),
    groups: [...user.groupNames],
    aid: user.accountId,
    uid: user.userId,
  };
}
