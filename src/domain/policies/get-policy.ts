import type { z } from 'zod';
import type { Operation } from '../operation.ts';
import { visiblePolicy } from './find-visible-policy.ts';
import { countAttachments } from './policy-attachments-store.ts';
import type { PolicyDocument } from './policy-document.ts';
import { policyInput, policyResource } from './policy-fields.ts';
import { findVersion } from './policy-versions-store.ts';
import { type PolicyView, viewPolicy, viewSystemPolicy, viewVersion } from './policy-view.ts';

export interface PolicyWithDocument extends PolicyView {
  /** Of the default version, which counts. */
  readonly policyDocument: PolicyDocument;
}

export const getPolicy: Operation<z.infer<typeof policyInput>, undefined, PolicyWithDocument> = {
  name: 'GetPolicy',
  action: 'ram:GetPolicy',
  effect: 'read',
  input: policyInput,
  resource: policyResource,
  perform: async (context, input) => {
    const { accountId } = context.caller;
    const policy = await visiblePolicy(context, input);
    const { policyType, policyName } = policy;
    const { users, groups } = await countAttachments(context.db, { accountId, policyType, policyName });
    if (policy.policyType === 'system')
      return { ...viewSystemPolicy(policy.system, users + groups), policyDocument: policy.system.document };
    const version = await findVersion(context.db, policy.row, policy.row.defaultVersionId);
    if (version === undefined) throw new Error('a policy lacks its default version');
    const { policyDocument } = viewVersion(version, version.versionId);
    return { ...viewPolicy(policy.row, users + groups), policyDocument };
  },
};
