import { z } from 'zod';
import type { Database } from '../../storage/db/database.ts';
import { policyDocumentLength } from '../policies/validate-policy-document.ts';
import { findAccountSettings } from './account-settings-store.ts';

/**
 * How much an account may hold: RAM's names and defaults (GetAccountSummary), and ours where RAM has none or knows only one (devices).
 */
export const defaultQuotas = {
  usersQuota: 5000,
  groupsQuota: 300,
  groupsPerUserQuota: 10,
  accessKeysPerUserQuota: 2,
  mfaDevicesPerUserQuota: 8,
  policiesQuota: 1500,
  versionsPerPolicyQuota: 5,
  /** Characters of one document. Told as RAM tells it; the same for every account, so it is not to be set. */
  policySizeQuota: policyDocumentLength,
  attachedSystemPoliciesPerUserQuota: 20,
  attachedPoliciesPerUserQuota: 10,
  attachedSystemPoliciesPerGroupQuota: 20,
  attachedPoliciesPerGroupQuota: 10,
  applicationsQuota: 500,
  secretsPerApplicationQuota: 5,
  signingKeysQuota: 10,
  /** Names the account ever had: none of them is free for others again. */
  accountAliasesQuota: 20,
};

export type QuotaName = keyof typeof defaultQuotas;

export type Quotas = Readonly<Record<QuotaName, number>>;

type SettableQuota = Exclude<QuotaName, 'policySizeQuota'>;

/** The most that the platform can set, so that lists which are answered whole stay short, and documents and rights quick to read. */
const most: Readonly<Record<SettableQuota, number>> = {
  usersQuota: 1_000_000,
  groupsQuota: 10_000,
  groupsPerUserQuota: 100,
  accessKeysPerUserQuota: 10,
  mfaDevicesPerUserQuota: 20,
  policiesQuota: 10_000,
  versionsPerPolicyQuota: 50,
  attachedSystemPoliciesPerUserQuota: 50,
  attachedPoliciesPerUserQuota: 50,
  attachedSystemPoliciesPerGroupQuota: 50,
  attachedPoliciesPerGroupQuota: 50,
  applicationsQuota: 10_000,
  secretsPerApplicationQuota: 20,
  signingKeysQuota: 50,
  accountAliasesQuota: 200,
};

const names = Object.keys(most) as SettableQuota[];

const quotaShape = Object.fromEntries(names.map((name) => [name, z.int().min(1).max(most[name])])) as Record<
  SettableQuota,
  z.ZodInt
>;

/** A change of quotas: what is absent stays, null goes back to the default (JSON merge patch). */
export const quotaChanges = z.strictObject(
  Object.fromEntries(names.map((name) => [name, quotaShape[name].nullable().optional()])) as Record<
    SettableQuota,
    z.ZodOptional<z.ZodNullable<z.ZodInt>>
  >,
);

export type QuotaChanges = z.infer<typeof quotaChanges>;

const storedQuotas = z.object(quotaShape).partial();

/** What was stored, over the defaults. A quota of an older release that is no more is dropped. */
export const readQuotas = (stored: Readonly<Record<string, unknown>> | undefined): Quotas => ({
  ...defaultQuotas,
  ...(storedQuotas.parse(stored ?? {}) as Partial<Quotas>),
});

/** An account's quotas as of now. Where a quota decides, ask inside the transaction, behind the lock. */
export async function loadQuotas(db: Database, accountId: string): Promise<Quotas> {
  return readQuotas((await findAccountSettings(db, accountId))?.quotas);
}
