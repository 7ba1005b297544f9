import { eq } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import type { OperationContext } from '../operation.ts';
import { findPolicy, type PolicyRow } from './policies-store.ts';
import { noSuchPolicy, type PolicyReference } from './policy-fields.ts';
import { findSystemPolicy, type SystemPolicy, systemPolicies } from './system-policies.ts';

type Context = Pick<OperationContext, 'db' | 'caller'>;

/** A policy that there is for an account. */
export type VisiblePolicy =
  | { readonly policyType: 'system'; readonly policyName: string; readonly system: SystemPolicy }
  | { readonly policyType: 'custom'; readonly policyName: string; readonly row: PolicyRow };

/** The policy under the name it was made under. Throws `EntityNotExist.Policy`; those over the platform exist in its account alone. */
export async function visiblePolicy(
  { db, caller }: Context,
  { policyType, policyName }: PolicyReference,
): Promise<VisiblePolicy> {
  if (policyType === 'custom') {
    const row = await findPolicy(db, caller.accountId, policyName);
    if (row === undefined) throw noSuchPolicy();
    return { policyType, policyName: row.policyName, row };
  }
  const system = findSystemPolicy(policyName);
  const isHidden = system?.platformOnly === true && !(await isPlatformAccount(db, caller.accountId));
  if (system === undefined || isHidden) throw noSuchPolicy();
  return { policyType, policyName: system.policyName, system };
}

/** A custom policy that stays as it is found until the transaction ends: whatever changes or attaches policies locks the account first. */
export async function lockedPolicy({ db, caller: { accountId } }: Context, policyName: string): Promise<PolicyRow> {
  await lockAccount(db, accountId);
  const row = await findPolicy(db, accountId, policyName);
  if (row === undefined) throw noSuchPolicy();
  return row;
}

/** Those that come with the product, as far as this account can have them. */
export async function visibleSystemPolicies(db: Database, accountId: string): Promise<readonly SystemPolicy[]> {
  const isPlatform = await isPlatformAccount(db, accountId);
  return systemPolicies.filter(({ platformOnly }) => isPlatform || !platformOnly);
}

async function isPlatformAccount(db: Database, accountId: string): Promise<boolean> {
  const [row] = await db
    .select({ isPlatform: accounts.isPlatform })
    .from(accounts)
    .where(eq(accounts.accountId, accountId));
  return row?.isPlatform === true;
}
