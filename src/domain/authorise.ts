import { loadSecurityPreferences, type SelfServicePreference } from './accounts/security-preferences.ts';
import { AppError } from './app-error.ts';
import type { Caller } from './caller.ts';
import { type Decision, decide, needsTarget } from './policies/decide.ts';
import type { Access } from './policies/policy-document.ts';
import { type KeptRights, rightsAsOf } from './policies/kept-rights.ts';
import { loadRights, type Rights, type RightsContext } from './policies/statements-store.ts';
import { targetIsAdministrator } from './policies/target.ts';

export interface AuthoriseContext extends RightsContext {
  readonly caller: Caller;
  /** Set where the caller's rights may be those that were kept for the revision found when the request was let in; else they are read anew. */
  readonly keptRights?: KeptRights | undefined;
}

/**
 * What callers may do to themselves without a policy, unless one forbids it: always, or where the account's preference says so. Only for
 * operations that reach nobody but the caller.
 */
export type SelfService = boolean | SelfServicePreference;

/** Throws `NoPermission` unless the caller's policies allow every one of `accesses`. */
export async function requireAccess(context: AuthoriseContext, accesses: readonly Access[]): Promise<void> {
  await authorise(context, accesses, false);
}

/** Throws `NoPermission` unless the caller's policies, or what is open to everybody on themselves, allow every one of `accesses`. */
export async function authorise(
  context: AuthoriseContext,
  accesses: readonly Access[],
  selfService: SelfService,
): Promise<void> {
  if (!(await isAuthorised(context, accesses, selfService)))
    throw new AppError('NoPermission', 'You are not allowed to do this; ask an administrator of your account.');
}

/** Whether `authorise` would let the caller. */
export async function isAuthorised(
  context: AuthoriseContext,
  accesses: readonly Access[],
  selfService: SelfService,
): Promise<boolean> {
  const rights = await callerRights(context);
  const decisions = await Promise.all(accesses.map((access) => decideFor(context, rights, access)));
  const refused = decisions.filter(({ outcome }) => outcome !== 'allow');
  if (!rights.active || refused.length === 0) return rights.active;
  const forbidden = refused.some(({ outcome }) => outcome === 'explicitDeny');
  return !forbidden && (await isOpen(context, selfService));
}

function callerRights(context: AuthoriseContext): Promise<Rights> {
  const { caller, keptRights } = context;
  const { userRevision: revision } = caller;
  return keptRights === undefined || revision === undefined
    ? loadRights(context, caller)
    : rightsAsOf(context, keptRights, { ...caller, revision });
}

/** What the policies say to one access, as the caller came. */
async function decideFor(context: AuthoriseContext, rights: Rights, access: Access): Promise<Decision> {
  const { caller } = context;
  const isAdministrator = needsTarget(rights.statements)
    ? await targetIsAdministrator(context, caller, access.resource)
    : undefined;
  const target = isAdministrator === undefined ? {} : { targetIsAdministrator: isAdministrator };
  return decide(rights.statements, { ...access, conditions: { ...conditionsOf(caller), ...target } });
}

/** How a caller came, for conditions of policies. */
export const conditionsOf = ({ sourceIp, mfaPresent, secureTransport }: Caller) => ({
  ...(sourceIp === undefined ? {} : { sourceIp }),
  mfaPresent,
  secureTransport,
  currentTime: new Date(),
});

async function isOpen({ db, caller }: AuthoriseContext, selfService: SelfService): Promise<boolean> {
  return typeof selfService === 'boolean'
    ? selfService
    : (await loadSecurityPreferences(db, caller.accountId))[selfService];
}
