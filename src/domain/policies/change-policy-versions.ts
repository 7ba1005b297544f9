import { z } from 'zod';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { compilePolicy } from './compile-policy.ts';
import { lockedPolicy } from './find-visible-policy.ts';
import { type PolicyRow, updatePolicy } from './policies-store.ts';
import { touchHolders } from './policy-attachments-store.ts';
import type { PolicyDocument } from './policy-document.ts';
import { policyDocumentField } from './policy-document-field.ts';
import { customPolicyInput, noSuchVersion, policyResource, versionIdField } from './policy-fields.ts';
import {
  countVersions,
  deleteVersion,
  findOldestVersionBut,
  findVersion,
  insertVersion,
} from './policy-versions-store.ts';
import { type PolicyVersionView, viewVersion } from './policy-view.ts';
import { requireRightToGive, requireRightToLift } from './reaching-administrators.ts';
import { loadPolicyStatements } from './statements-store.ts';

const createPolicyVersionInput = customPolicyInput.extend({
  policyDocument: policyDocumentField,
  setAsDefault: z.boolean().default(false),
  /** What to do when the policy has as many versions as it can have: refuse, or let the oldest go that is not the default. */
  rotateStrategy: z.enum(['None', 'DeleteOldestNonDefaultVersionWhenLimitExceeded']).default('None'),
});

type CreatePolicyVersionInput = z.infer<typeof createPolicyVersionInput>;

const versionInput = customPolicyInput.extend({ versionId: versionIdField });

type VersionInput = z.infer<typeof versionInput>;

interface CreatedVersion {
  readonly version: PolicyVersionView;
  readonly deletedVersionId: string | undefined;
}

/** The document counts from the moment its version is the default. Whoever has the policy has it at once. */
export const createPolicyVersion: Operation<CreatePolicyVersionInput, undefined, CreatedVersion> = {
  name: 'CreatePolicyVersion',
  action: 'ram:CreatePolicyVersion',
  effect: 'change',
  input: createPolicyVersionInput,
  resource: policyResource,
  auditDetails: ({ setAsDefault }, { version, deletedVersionId }) => ({
    ...{ versionId: version.versionId, setAsDefault, deletedVersionId: deletedVersionId ?? null },
  }),
  perform: async (context, { policyName, policyDocument, setAsDefault, rotateStrategy }) => {
    const policy = await lockedPolicy(context, policyName);
    await requireRightToWrite(context, policy, { action: createPolicyVersion.action, document: policyDocument });
    const deletedVersionId = await makeRoom(context, policy, rotateStrategy);
    const number = policy.latestVersion + 1;
    const versionId = `v${number}`;
    const row = await insertVersion(context.db, policy, { versionId, document: JSON.stringify(policyDocument) });
    await updatePolicy(context.db, policy, { latestVersion: number });
    if (setAsDefault) await makeDefault(context, policy, { action: createPolicyVersion.action, versionId });
    return { version: viewVersion(row, setAsDefault ? versionId : policy.defaultVersionId), deletedVersionId };
  },
};

export const setDefaultPolicyVersion: Operation<VersionInput, undefined, void> = {
  name: 'SetDefaultPolicyVersion',
  action: 'ram:SetDefaultPolicyVersion',
  effect: 'change',
  input: versionInput,
  resource: policyResource,
  auditDetails: ({ versionId }) => ({ versionId }),
  perform: async (context, { policyName, versionId }) => {
    const policy = await lockedPolicy(context, policyName);
    const version = await findVersion(context.db, policy, versionId);
    if (version === undefined) throw noSuchVersion();
    const { action } = setDefaultPolicyVersion;
    const { policyDocument: document } = viewVersion(version, policy.defaultVersionId);
    await requireRightToWrite(context, policy, { action, document });
    if (versionId !== policy.defaultVersionId) await makeDefault(context, policy, { action, versionId });
  },
};

export const deletePolicyVersion: Operation<VersionInput, undefined, void> = {
  name: 'DeletePolicyVersion',
  action: 'ram:DeletePolicyVersion',
  effect: 'change',
  input: versionInput,
  resource: policyResource,
  auditDetails: ({ versionId }) => ({ versionId }),
  perform: async (context, { policyName, versionId }) => {
    const policy = await lockedPolicy(context, policyName);
    if (versionId === policy.defaultVersionId) {
      throw new AppError(
        'DeleteConflict.Policy.Version.Default',
        'This is the default version; make another one the default first, or delete the policy.',
      );
    }
    if (!(await deleteVersion(context.db, policy, versionId))) throw noSuchVersion();
  },
};

/** The right over the policy is not enough for whoever is kept from administrators, where the new document makes one. */
async function requireRightToWrite(
  context: OperationContext,
  { policyName }: PolicyRow,
  { action, document }: { readonly action: string; readonly document: PolicyDocument },
): Promise<void> {
  const source = { policyType: 'custom', policyName } as const;
  const access = { action, resource: policyResource(source, context.caller) };
  await requireRightToGive(context, access, compilePolicy(document, source));
}

async function makeDefault(
  context: OperationContext,
  { accountId, policyName }: PolicyRow,
  { action, versionId }: { readonly action: string; readonly versionId: string },
): Promise<void> {
  const policy = { accountId, policyType: 'custom', policyName } as const;
  const access = { action, resource: policyResource(policy, context.caller) };
  await requireRightToLift(context, access, await loadPolicyStatements(context, accountId, policyName));
  await updatePolicy(context.db, policy, { defaultVersionId: versionId });
  await touchHolders(context.db, policy);
}

/** RAM: 5 versions a policy, unless the platform set another quota. Answers the version that was let go. */
async function makeRoom(
  { db, caller }: OperationContext,
  policy: PolicyRow,
  rotateStrategy: CreatePolicyVersionInput['rotateStrategy'],
): Promise<string | undefined> {
  const { versionsPerPolicyQuota } = await loadQuotas(db, caller.accountId);
  if ((await countVersions(db, policy)) < versionsPerPolicyQuota) return undefined;
  const oldest =
    rotateStrategy === 'None' ? undefined : await findOldestVersionBut(db, policy, policy.defaultVersionId);
  if (oldest === undefined) {
    throw new AppError('LimitExceeded.Policy.Version', `A policy has at most ${versionsPerPolicyQuota} versions.`);
  }
  await deleteVersion(db, policy, oldest.versionId);
  return oldest.versionId;
}
