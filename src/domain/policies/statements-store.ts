import { and, eq } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { PolicyStatement } from './policy-document.ts';
import { findSystemPolicy } from './system-policies.ts';

interface UserReference {
  readonly accountId: string;
  readonly userId: string;
}

/** Whose rights these are, and what they are. `active` is false for a frozen or deleted user and in a suspended account. */
export interface Rights {
  readonly active: boolean;
  readonly statements: readonly PolicyStatement[];
}

/** A user's rights as of now, in one query. */
export async function loadRights(db: Database, { accountId, userId }: UserReference): Promise<Rights> {
  const rows = await db
    .select({
      isPlatform: accounts.isPlatform,
      policyType: userPolicies.policyType,
      policyName: userPolicies.policyName,
    })
    .from(users)
    .innerJoin(accounts, and(eq(accounts.accountId, users.accountId), eq(accounts.status, 'active')))
    .leftJoin(userPolicies, eq(userPolicies.userId, users.userId))
    .where(and(eq(users.userId, userId), eq(users.accountId, accountId), eq(users.status, 'active')));
  const statements = rows.flatMap(({ isPlatform, policyType, policyName }) => {
    const policy = policyType === 'system' && policyName !== null ? findSystemPolicy(policyName) : undefined;
    return policy === undefined || (policy.platformOnly && !isPlatform) ? [] : policy.statements;
  });
  return { active: rows.length > 0, statements };
}
