import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { groups } from '../../storage/db/schema/groups.ts';
import { mfaDevices } from '../../storage/db/schema/mfa-devices.ts';
import { policies } from '../../storage/db/schema/policies.ts';
import { signingKeys } from '../../storage/db/schema/signing-keys.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { Operation } from '../operation.ts';
import { accountResource, noSuchAccount } from './account-resource.ts';
import { type Quotas, readQuotas } from './quotas.ts';

/** What the account holds. Groups and policies: its own; signing keys: those published now. */
interface AccountCounts {
  readonly users: number;
  readonly groups: number;
  readonly policies: number;
  readonly applications: number;
  readonly mfaDevices: number;
  readonly signingKeys: number;
}

export type AccountSummary = AccountCounts & Quotas;

const summaryInput = z.strictObject({});

/** RAM: GetAccountSummary. */
export const getAccountSummary: Operation<z.infer<typeof summaryInput>, undefined, AccountSummary> = {
  name: 'GetAccountSummary',
  action: 'ram:GetAccountSummary',
  effect: 'read',
  input: summaryInput,
  resource: (_input, caller) => accountResource(caller),
  perform: async ({ db, caller }) => {
    const row = await findSummary(db, caller.accountId);
    if (row === undefined) throw noSuchAccount();
    const { quotas, ...counts } = row;
    return { ...counts, ...readQuotas(quotas ?? undefined) };
  },
};

async function findSummary(db: Database, accountId: string) {
  const published = or(isNull(signingKeys.retiresAt), gt(signingKeys.retiresAt, sql`now()`));
  const [row] = await db
    .select({
      users: db.$count(users, eq(users.accountId, accountId)),
      groups: db.$count(groups, eq(groups.accountId, accountId)),
      policies: db.$count(policies, eq(policies.accountId, accountId)),
      applications: db.$count(applications, eq(applications.accountId, accountId)),
      mfaDevices: db.$count(mfaDevices, eq(mfaDevices.accountId, accountId)),
      signingKeys: db.$count(signingKeys, and(eq(signingKeys.accountId, accountId), published)),
      quotas: accountSettings.quotas,
    })
    .from(accounts)
    .leftJoin(accountSettings, eq(accountSettings.accountId, accounts.accountId))
    .where(eq(accounts.accountId, accountId));
  return row;
}
