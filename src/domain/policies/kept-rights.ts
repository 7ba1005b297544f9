import { LRUCache } from 'lru-cache';
import { keptPatterns, patternsIn } from './compiled-policies.ts';
import { loadRights, type Rights, type RightsContext } from './statements-store.ts';

/**
 * The rights of callers, each good while the user's revision is the one it was loaded at: whatever changes rights (an attachment, a membership, a
 * group's policies, a policy's default version) raises the revision of everybody concerned in its own transaction.
 */
export type KeptRights = LRUCache<string, { readonly revision: number; readonly rights: Rights }>;

const keptUsers = 5000;

/** One per process. Bounded as compiled policies are, since what is kept here outlives their being let go of there. */
export const createKeptRights = (): KeptRights =>
  new LRUCache({
    max: keptUsers,
    maxSize: keptPatterns,
    sizeCalculation: ({ rights }) => patternsIn(rights.statements),
  });

/** Somebody who was found active, in an active account, at this revision, after the request began. */
interface FoundUser {
  readonly accountId: string;
  readonly userId: string;
  readonly revision: number;
}

/** The rights of a user as of a revision read in this request. What is loaded is at least as new as that, so it may be kept under it. */
export async function rightsAsOf(context: RightsContext, kept: KeptRights, user: FoundUser): Promise<Rights> {
  const known = kept.get(user.userId);
  if (known?.revision === user.revision) return known.rights;
  const rights = await loadRights(context, user);
  if (rights.active) kept.set(user.userId, { revision: user.revision, rights });
  return rights;
}
