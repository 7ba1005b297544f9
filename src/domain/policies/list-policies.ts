import { z } from 'zod';
import { type Page, pageFields, readPage, searchField } from '../list-page.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { visibleSystemPolicies } from './find-visible-policy.ts';
import { listPolicies as listPolicyRows } from './policies-store.ts';
import { countAttachments } from './policy-attachments-store.ts';
import { policyResource, policyTypeField } from './policy-fields.ts';
import { type PolicyView, viewPolicy, viewSystemPolicy } from './policy-view.ts';

const listPoliciesInput = z.strictObject({ policyType: policyTypeField.optional(), q: searchField, ...pageFields });

type ListPoliciesInput = z.infer<typeof listPoliciesInput>;

/** What the list is ordered by: custom policies before those of the product, each by name. */
const keyOf = ({ policyType, policyName }: PolicyView): string => `${policyType}/${policyName.toLowerCase()}`;

/** `q` looks into name and description. */
export const listPolicies: Operation<ListPoliciesInput, undefined, Page<PolicyView>> = {
  name: 'ListPolicies',
  action: 'ram:ListPolicies',
  effect: 'read',
  input: listPoliciesInput,
  resource: (_input, caller) => policyResource({ policyType: 'custom', policyName: '*' }, caller),
  perform: async (context, input) => {
    const { policyType, q, limit, cursor } = input;
    return await readPage(context.keyRing, {
      ...{ place: { accountId: context.caller.accountId, list: ['policies', policyType, q] }, limit, cursor, keyOf },
      read: async (afterKey, most) => {
        const custom = policyType === 'system' ? [] : await customPolicies(context, q, { afterKey, limit: most });
        const missing = policyType === 'custom' ? 0 : most - custom.length;
        return [...custom, ...(await systemPoliciesAfter(context, q, { afterKey, limit: missing }))];
      },
    });
  },
};

interface Place {
  readonly afterKey: string | undefined;
  readonly limit: number;
}

async function customPolicies(
  { db, caller }: OperationContext,
  q: string | undefined,
  { afterKey, limit }: Place,
): Promise<PolicyView[]> {
  const [type, nameKey] = afterKey?.split('/') ?? [];
  if (type === 'system') return [];
  const rows = await listPolicyRows(db, caller.accountId, { q, afterKey: nameKey, limit });
  return rows.map((row) => viewPolicy(row, row.attachmentCount));
}

async function systemPoliciesAfter(
  { db, caller: { accountId } }: OperationContext,
  q: string | undefined,
  { afterKey = '', limit }: Place,
): Promise<PolicyView[]> {
  if (limit <= 0) return [];
  const wanted = q?.toLowerCase() ?? '';
  const found = (await visibleSystemPolicies(db, accountId))
    .map((policy) => viewSystemPolicy(policy, 0))
    .filter((policy) => `${policy.policyName} ${policy.description}`.toLowerCase().includes(wanted))
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
    .filter((policy) => keyOf(policy) > afterKey)
    .slice(0, limit);
  const counted: PolicyView[] = [];
  for (const policy of found) {
    const { users, groups } = await countAttachments(db, { accountId, ...policy });
    counted.push({ ...policy, attachmentCount: users + groups });
  }
  return counted;
}
