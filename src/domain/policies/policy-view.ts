import type { PolicyRow } from './policies-store.ts';
import type { PolicyDocument } from './policy-document.ts';
import type { PolicyVersionRow } from './policy-versions-store.ts';
import type { SystemPolicy } from './system-policies.ts';

/** A policy as callers see one. */
export interface PolicyView {
  readonly policyType: 'system' | 'custom';
  readonly policyName: string;
  readonly description: string | null;
  readonly defaultVersionId: string;
  /** To how many users and groups of the account it is attached. */
  readonly attachmentCount: number;
  /** Null for policies that come with the product. */
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

export interface PolicyVersionView {
  readonly versionId: string;
  readonly isDefaultVersion: boolean;
  /** Null for policies that come with the product. */
  readonly createdAt: Date | null;
  readonly policyDocument: PolicyDocument;
}

/** System policies have one version. */
export const systemVersionId = 'v1';

export const viewPolicy = (row: PolicyRow, attachmentCount: number): PolicyView => ({
  policyType: 'custom',
  policyName: row.policyName,
  description: row.description,
  defaultVersionId: row.defaultVersionId,
  attachmentCount,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export const viewSystemPolicy = ({ policyName, description }: SystemPolicy, attachmentCount: number): PolicyView => ({
  ...{ policyType: 'system', policyName, description, defaultVersionId: systemVersionId, attachmentCount },
  ...{ createdAt: null, updatedAt: null },
});

export const viewVersion = (row: PolicyVersionRow, defaultVersionId: string): PolicyVersionView => ({
  versionId: row.versionId,
  isDefaultVersion: row.versionId === defaultVersionId,
  createdAt: row.createdAt,
  // Validated when it was written.
  policyDocument: JSON.parse(row.document) as PolicyDocument,
});

export const viewSystemVersion = ({ document }: SystemPolicy): PolicyVersionView => ({
  ...{ versionId: systemVersionId, isDefaultVersion: true, createdAt: null, policyDocument: document },
});
