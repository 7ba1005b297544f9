import { z } from 'zod';
import {
  createPolicyVersion,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from '../../domain/policies/change-policy-versions.ts';
import { createPolicy } from '../../domain/policies/create-policy.ts';
import { deletePolicy } from '../../domain/policies/delete-policy.ts';
import { getPolicy } from '../../domain/policies/get-policy.ts';
import { listEntitiesForPolicy } from '../../domain/policies/list-entities-for-policy.ts';
import { listPolicies } from '../../domain/policies/list-policies.ts';
import type { PolicyEntity } from '../../domain/policies/policy-attachments-store.ts';
import type { PolicyVersionView, PolicyView } from '../../domain/policies/policy-view.ts';
import { getPolicyVersion, listPolicyVersions } from '../../domain/policies/read-policy-versions.ts';
import { updatePolicyDescription } from '../../domain/policies/update-policy-description.ts';
import { instant, listOf, pageOf } from './answer-schemas.ts';
import { policyDocumentBody } from './policy-document-body.ts';
import { route, routeGroup } from './route.ts';

const policyBody = z
  .object({
    policyType: z.enum(['system', 'custom']),
    policyName: z.string().meta({ examples: ['wiki-editors'] }),
    description: z.string().nullable(),
    defaultVersionId: z.string().meta({ description: 'The version that counts.', examples: ['v1'] }),
    attachmentCount: z.int().meta({ description: 'To how many users and groups it is attached.' }),
    createdAt: instant.nullable().meta({ description: 'Null for system policies.' }),
    updatedAt: instant.nullable(),
  })
  .meta({ id: 'Policy' });
const policyWithDocumentBody = policyBody
  .extend({ policyDocument: policyDocumentBody })
  .meta({ id: 'PolicyWithDocument', description: 'The document is that of the default version.' });
const versionBody = z
  .object({
    versionId: z.string().meta({ examples: ['v2'] }),
    isDefaultVersion: z.boolean(),
    createdAt: instant.nullable().meta({ description: 'Null for system policies.' }),
    policyDocument: policyDocumentBody,
  })
  .meta({ id: 'PolicyVersion' });
const entityBody = z
  .object({
    entityType: z.enum(['user', 'group']),
    id: z.string().meta({ examples: ['g-3k9xq2m7w4c8v1n6'] }),
    name: z.string().meta({ examples: ['developers'] }),
    displayName: z.string().nullable(),
    attachedAt: instant,
  })
  .meta({ id: 'PolicyEntity' });

const one = '/policies/:policyType/:policyName';
const absent = ['EntityNotExist.Policy'] as const;
const absentVersion = [...absent, 'EntityNotExist.Policy.Version'] as const;
const editing = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'wiki:*', Resource: 'acs:wiki:*:*:page/*' }] };

export const policyRoutes = routeGroup(
  'Policies',
  "What is allowed and forbidden, in RAM's policy language: `system` policies come with the product, `custom` ones are the account's own.",
  [
    route('GET /policies', listPolicies, {
      summary: 'List policies',
      answer: pageOf(policyBody),
      present: ({ items, nextCursor }) => ({ items: items.map(presentPolicy), nextCursor }),
    }),
    route('POST /policies', createPolicy, {
      summary: 'Create a custom policy',
      body: '',
      answer: z.object({ policy: policyBody }),
      present: ({ policy }) => ({ policy: presentPolicy(policy) }),
      locate: ({ policy }) => `custom/${policy.policyName}`,
      refuses: ['EntityAlreadyExists.Policy', 'LimitExceeded.Policy'],
      example: { body: { policyName: 'wiki-owners', description: 'Everything in the wiki', policyDocument: editing } },
    }),
    route(`GET ${one}`, getPolicy, {
      summary: 'Read a policy',
      answer: policyWithDocumentBody,
      present: (policy) => ({ ...presentPolicy(policy), policyDocument: policy.policyDocument }),
      refuses: absent,
    }),
    route(`PATCH ${one}`, updatePolicyDescription, {
      summary: 'Describe a custom policy',
      description: 'What it allows is changed by a new version.',
      body: 'changes',
      answer: policyBody,
      present: presentPolicy,
      refuses: absent,
      example: { body: { description: 'Pages of the wiki' } },
    }),
    route(`DELETE ${one}`, deletePolicy, {
      summary: 'Delete a custom policy',
      description: '`cascade=true` detaches it, deletes all its versions, and is content when there is none.',
      refuses: [...absent, 'DeleteConflict.Policy'],
      example: { query: { cascade: 'true' } },
    }),
    route(`GET ${one}/entities`, listEntitiesForPolicy, {
      summary: 'List the groups and users that a policy is attached to',
      answer: pageOf(entityBody),
      present: ({ items, nextCursor }) => ({ items: items.map(presentEntity), nextCursor }),
      refuses: absent,
    }),
    route(`GET ${one}/versions`, listPolicyVersions, {
      summary: 'List the versions of a policy',
      description: 'The newest first.',
      answer: listOf(versionBody),
      present: ({ items }) => ({ items: items.map(presentVersion) }),
      refuses: absent,
    }),
    route(`POST ${one}/versions`, createPolicyVersion, {
      summary: 'Create a version of a custom policy',
      description: 'It counts, for everybody who has the policy, from the moment it is the default version.',
      body: '',
      answer: z.object({ policyVersion: versionBody }),
      present: ({ version }) => ({ policyVersion: presentVersion(version) }),
      locate: ({ version }) => version.versionId,
      refuses: [...absent, 'LimitExceeded.Policy.Version'],
      example: { body: { policyDocument: editing, setAsDefault: true } },
    }),
    route(`GET ${one}/versions/:versionId`, getPolicyVersion, {
      summary: 'Read a version of a policy',
      answer: versionBody,
      present: presentVersion,
      refuses: absentVersion,
    }),
    route(`DELETE ${one}/versions/:versionId`, deletePolicyVersion, {
      summary: 'Delete a version of a custom policy',
      description: 'Not the default one.',
      refuses: [...absentVersion, 'DeleteConflict.Policy.Version.Default'],
    }),
    route(`PUT ${one}/default-version`, setDefaultPolicyVersion, {
      summary: 'Make a version of a custom policy the one that counts',
      body: '',
      refuses: absentVersion,
      example: { body: { versionId: 'v1' } },
    }),
  ],
);

function presentPolicy(policy: PolicyView): z.infer<typeof policyBody> {
  return {
    policyType: policy.policyType,
    policyName: policy.policyName,
    description: policy.description,
    defaultVersionId: policy.defaultVersionId,
    attachmentCount: policy.attachmentCount,
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
  };
}

function presentVersion(version: PolicyVersionView): z.infer<typeof versionBody> {
  return {
    versionId: version.versionId,
    isDefaultVersion: version.isDefaultVersion,
    createdAt: version.createdAt,
    policyDocument: version.policyDocument,
  };
}

function presentEntity(entity: PolicyEntity): z.infer<typeof entityBody> {
  return {
    entityType: entity.entityType,
    id: entity.id,
    name: entity.name,
    displayName: entity.displayName,
    attachedAt: entity.attachedAt,
  };
}
