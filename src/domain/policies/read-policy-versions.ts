import type { z } from 'zod';
import type { Operation } from '../operation.ts';
import { visiblePolicy } from './find-visible-policy.ts';
import { noSuchVersion, policyInput, policyResource, versionIdField } from './policy-fields.ts';
import { findVersion, listVersions } from './policy-versions-store.ts';
import { type PolicyVersionView, systemVersionId, viewSystemVersion, viewVersion } from './policy-view.ts';

/** Custom or system: those of the product have one version. */
export const policyVersionInput = policyInput.extend({ versionId: versionIdField });

export const getPolicyVersion: Operation<z.infer<typeof policyVersionInput>, undefined, PolicyVersionView> = {
  name: 'GetPolicyVersion',
  action: 'ram:GetPolicyVersion',
  effect: 'read',
  input: policyVersionInput,
  resource: policyResource,
  perform: async (context, input) => {
    const policy = await visiblePolicy(context, input);
    if (policy.policyType === 'system') {
      if (input.versionId !== systemVersionId) throw noSuchVersion();
      return viewSystemVersion(policy.system);
    }
    const row = await findVersion(context.db, policy.row, input.versionId);
    if (row === undefined) throw noSuchVersion();
    return viewVersion(row, policy.row.defaultVersionId);
  },
};

/** The newest first. A policy has few versions (a quota), so they are answered whole. */
export const listPolicyVersions: Operation<
  z.infer<typeof policyInput>,
  undefined,
  { items: readonly PolicyVersionView[] }
> = {
  name: 'ListPolicyVersions',
  action: 'ram:ListPolicyVersions',
  effect: 'read',
  input: policyInput,
  resource: policyResource,
  perform: async (context, input) => {
    const policy = await visiblePolicy(context, input);
    if (policy.policyType === 'system') return { items: [viewSystemVersion(policy.system)] };
    const rows = await listVersions(context.db, policy.row);
    return { items: rows.map((row) => viewVersion(row, policy.row.defaultVersionId)) };
  },
};
