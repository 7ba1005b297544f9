import { z } from 'zod';
import { type AliasView, listAccountAliases, releaseAccountAlias } from '../../domain/accounts/account-aliases.ts';
import { type AccountSummary, getAccountSummary } from '../../domain/accounts/account-summary.ts';
import type { AccountView } from '../../domain/accounts/account-view.ts';
import { getAccount } from '../../domain/accounts/get-account.ts';
import { updateAccount } from '../../domain/accounts/update-account.ts';
import { quotaFields } from './account-quotas.ts';
import { instant, listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const accountBody = z
  .object({
    accountId: z.string().meta({ examples: ['5123456789012345'] }),
    alias: z
      .string()
      .nullable()
      .meta({ description: 'Null where the account id serves.', examples: ['demo'] }),
    defaultDomain: z.string().meta({
      description: 'What stands behind the @ of logon names.',
      examples: ['demo.id.example.com'],
    }),
    logonUrl: z.string().meta({ examples: ['https://id.example.com/demo'] }),
    status: z.enum(['active', 'suspended', 'deleted']),
    isPlatform: z.boolean().meta({ description: 'Its administrators may be given the platform.' }),
    helpText: z.string().nullable().meta({ description: 'Whom to ask; shown to users as plain text.' }),
    auditRetentionDays: z.int().meta({ examples: [400] }),
    createdAt: instant,
  })
  .meta({ id: 'Account' });

const aliasBody = z
  .object({
    alias: z.string().meta({ examples: ['demo'] }),
    state: z.enum(['current', 'former', 'released']).meta({
      description: '`former`: still an issuer, for the apps that use it. `released`: no issuer any more.',
    }),
    createdAt: instant,
    releasedAt: instant.nullable(),
  })
  .meta({ id: 'AccountAlias' });

const count = z.int().meta({ examples: [3] });

const summaryBody = z
  .object({
    ...{ users: count, groups: count, policies: count, applications: count, mfaDevices: count, signingKeys: count },
    ...quotaFields,
  })
  .meta({ id: 'AccountSummary' });

const renaming = ['EntityAlreadyExists.AccountAlias', 'LimitExceeded.AccountAlias'] as const;

export const accountRoutes = routeGroup('Account', 'The account itself: its names, its settings, what it holds.', [
  route('GET /account', getAccount, { summary: 'Read the account', answer: accountBody, present: presentAccount }),
  route('PATCH /account', updateAccount, {
    summary: 'Change the account',
    description:
      'Another `alias` (or `defaultDomain`, which is made of it) renames the account: its former name goes on as an issuer, with the same ' +
      'applications and keys, until it is released. `alias: null`: the account id serves.',
    body: 'changes',
    answer: accountBody,
    present: ({ account }) => presentAccount(account),
    refuses: renaming,
    example: { body: { helpText: 'Ask the service desk, extension 4711.', auditRetentionDays: 730 } },
  }),
  route('GET /account/aliases', listAccountAliases, {
    summary: 'List the names that the account ever had',
    answer: listOf(aliasBody),
    present: ({ items }) => ({ items: items.map(presentAlias) }),
  }),
  route('DELETE /account/aliases/:accountAlias', releaseAccountAlias, {
    summary: 'Release a former name',
    description: 'It is no issuer any more from this moment. Nobody else ever gets it.',
    refuses: ['EntityNotExist.AccountAlias', 'DeleteConflict.AccountAlias'],
  }),
  route('GET /account/summary', getAccountSummary, {
    summary: 'Read what the account holds, and how much it may hold',
    answer: summaryBody,
    present: presentSummary,
  }),
]);

function presentAccount(account: AccountView): z.infer<typeof accountBody> {
  return {
    accountId: account.accountId,
    alias: account.alias,
    defaultDomain: account.defaultDomain,
    logonUrl: account.logonUrl,
    status: account.status,
    isPlatform: account.isPlatform,
    helpText: account.helpText,
    auditRetentionDays: account.auditRetentionDays,
    createdAt: account.createdAt,
  };
}

const presentAlias = ({ alias, state, createdAt, releasedAt }: AliasView): z.infer<typeof aliasBody> => ({
  ...{ alias, state, createdAt, releasedAt },
});

/** All of it are numbers to show. */
function presentSummary(summary: AccountSummary): z.infer<typeof summaryBody> {
  return { ...summary };
}
