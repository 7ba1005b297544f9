import { z } from 'zod';
import { deleteTenant, updateTenant } from '../../domain/accounts/platform/change-tenants.ts';
import { type CreatedAccount, createTenant } from '../../domain/accounts/platform/create-tenant.ts';
import type { PlatformAccountView } from '../../domain/accounts/platform/platform-account-view.ts';
import { getTenant, listTenants } from '../../domain/accounts/platform/read-tenants.ts';
import { quotaFields } from './account-quotas.ts';
import { instant, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';
import { shownOnce } from './shown-once.ts';

const platformAccountBody = z
  .object({
    accountId: z.string().meta({ examples: ['5123456789012345'] }),
    alias: z
      .string()
      .nullable()
      .meta({ description: 'Null where the account id serves.', examples: ['acme'] }),
    logonUrl: z.string().meta({ examples: ['https://id.example.com/acme'] }),
    status: z.enum(['active', 'suspended', 'deleted']),
    isPlatform: z.boolean(),
    erasedFrom: instant.nullable().meta({
      description: 'When what a deleted account held is erased; until then it can be brought back.',
    }),
    quotas: z.object(quotaFields),
    createdAt: instant,
  })
  .meta({ id: 'PlatformAccount' });

const createdAccountBody = z
  .object({
    publicUrl: z.string().meta({ examples: ['https://id.example.com'] }),
    alias: z.string().meta({ examples: ['acme'] }),
    accountId: z.string().meta({ examples: ['5123456789012345'] }),
    adminUserName: z.string().meta({ examples: ['admin'] }),
    initialPassword: shownOnce('In this answer only.'),
  })
  .meta({ id: 'CreatedAccount' });

const one = '/accounts/:accountId';
const absent = ['EntityNotExist.Account'] as const;
const reading = { answer: platformAccountBody, present: presentPlatformAccount } as const;

export const accountsRoutes = routeGroup(
  'Accounts of the platform',
  'For administrators of the platform, in its own account.',
  [
    route('GET /accounts', listTenants, {
      summary: 'List accounts',
      answer: pageOf(platformAccountBody),
      present: ({ items, nextCursor }) => ({ items: items.map(presentPlatformAccount), nextCursor }),
    }),
    route('POST /accounts', createTenant, {
      summary: 'Create an account',
      description: 'With one administrator, who must choose a password at the first logon.',
      body: '',
      answer: createdAccountBody,
      present: presentCreatedAccount,
      locate: ({ accountId }) => accountId,
      refuses: ['EntityAlreadyExists.AccountAlias'],
      example: { body: { alias: 'acme', adminUserName: 'admin' } },
    }),
    route(`GET ${one}`, getTenant, { ...reading, summary: 'Read an account', refuses: absent }),
    route(`PATCH ${one}`, updateTenant, {
      ...reading,
      summary: 'Suspend an account, bring it back, or set its quotas',
      description:
        'Suspending ends every session and token of the account at once. A deleted account can be brought back until it is erased. A quota of ' +
        'null goes back to its default.',
      body: 'changes',
      refuses: [...absent, 'DeleteConflict.Account'],
      example: { body: { status: 'suspended', quotas: { usersQuota: 10_000 } } },
    }),
    route(`DELETE ${one}`, deleteTenant, {
      summary: 'Delete an account',
      description:
        'Ends it at once. What it held can be brought back for 30 days and is then erased. Its names and id go to nobody else.',
      refuses: [...absent, 'DeleteConflict.Account'],
    }),
  ],
);

function presentPlatformAccount(account: PlatformAccountView): z.infer<typeof platformAccountBody> {
  return {
    accountId: account.accountId,
    alias: account.alias,
    logonUrl: account.logonUrl,
    status: account.status,
    isPlatform: account.isPlatform,
    erasedFrom: account.erasedFrom,
    quotas: { ...account.quotas },
    createdAt: account.createdAt,
  };
}

function presentCreatedAccount(created: CreatedAccount): z.infer<typeof createdAccountBody> {
  return {
    publicUrl: created.publicUrl,
    alias: created.alias,
    accountId: created.accountId,
    adminUserName: created.adminUserName,
    initialPassword: created.initialPassword,
  };
}
