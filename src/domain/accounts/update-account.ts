import { z } from 'zod';
import type { Caller } from '../caller.ts';
import { invalidParameter } from '../input-faults.ts';
import type { Operation, OperationContext } from '../operation.ts';
import type { Access } from '../policies/policy-document.ts';
import { aliasField, auditRetentionDaysField, helpTextField } from './account-fields.ts';
import { accountResource } from './account-resource.ts';
import { saveAccountSettings } from './account-settings-store.ts';
import { type AccountView, defaultDomainOf, viewOwnAccount } from './account-view.ts';
import { lockAccount } from './accounts-store.ts';
import { type Renaming, renameAccount } from './rename-account.ts';

/** `null` removes what can be absent, as in a JSON merge patch (RFC 7396). */
const accountChanges = z
  .strictObject({
    /** Null: the account id serves. The present name goes on as an issuer until it is released. */
    alias: aliasField.nullable().optional(),
    /** RAM's other word for the same name: `<alias>.<LOGON_DOMAIN>`. */
    defaultDomain: z.string().max(320).optional(),
    helpText: helpTextField.nullable().optional(),
    /** Null: the default. */
    auditRetentionDays: auditRetentionDaysField.nullable().optional(),
  })
  .refine(({ alias, defaultDomain }) => alias === undefined || defaultDomain === undefined, {
    params: { code: 'InvalidParameter.DefaultDomain.Conflict' },
    path: ['defaultDomain'],
    error: 'The default domain is made of the alias: send one of the two.',
  });

const updateAccountInput = z.strictObject({ changes: accountChanges });

type UpdateAccountInput = z.infer<typeof updateAccountInput>;

interface UpdatedAccount {
  readonly account: AccountView;
  readonly renaming: Renaming | undefined;
}

/** Changes settings of the caller's own account, and its name under the actions that RAM has for it. */
export const updateAccount: Operation<UpdateAccountInput, undefined, UpdatedAccount> = {
  name: 'UpdateAccount',
  action: 'ram:UpdateAccount',
  effect: 'change',
  input: updateAccountInput,
  resource: (_input, caller) => accountResource(caller),
  alsoRequires: ({ changes }, caller) => actionsOnNames(changes, caller),
  auditDetails: ({ changes }, { renaming }) => ({
    changed: Object.keys(changes),
    ...(renaming === undefined ? {} : { formerAlias: renaming.from, newAlias: renaming.to }),
  }),
  perform: async (context, { changes }) => {
    const { accountId } = context.caller;
    await lockAccount(context.db, accountId);
    const alias = wantedAlias(changes, context);
    const renaming = alias === undefined ? undefined : await renameAccount(context.db, accountId, alias);
    await saveSettings(context, changes);
    return { account: await viewOwnAccount(context), renaming };
  },
};

function actionsOnNames({ alias, defaultDomain }: UpdateAccountInput['changes'], caller: Caller): Access[] {
  const resource = accountResource(caller);
  const actions = [
    ...(alias === undefined ? [] : [alias === null ? 'ram:ClearAccountAlias' : 'ram:SetAccountAlias']),
    ...(defaultDomain === undefined ? [] : ['ram:SetDefaultDomain']),
  ];
  return actions.map((action) => ({ action, resource }));
}

/** The name that either field asks for; undefined where neither does. */
function wantedAlias(
  { alias, defaultDomain }: UpdateAccountInput['changes'],
  { caller, logonDomain }: OperationContext,
): string | null | undefined {
  if (defaultDomain === undefined) return alias;
  const domain = defaultDomain.toLowerCase();
  if (domain === defaultDomainOf(caller.accountId, logonDomain.toLowerCase())) return null;
  const suffix = `.${logonDomain.toLowerCase()}`;
  const parsed = domain.endsWith(suffix) ? aliasField.safeParse(domain.slice(0, -suffix.length)) : undefined;
  if (parsed?.success === true) return parsed.data;
  const detail = `A default domain is an alias followed by ${suffix}`;
  throw invalidParameter([
    { pointer: '/changes/defaultDomain', code: 'InvalidParameter.DefaultDomain.Format', detail },
  ]);
}

async function saveSettings(
  { db, caller }: OperationContext,
  { helpText, auditRetentionDays }: UpdateAccountInput['changes'],
): Promise<void> {
  if (helpText === undefined && auditRetentionDays === undefined) return;
  await saveAccountSettings(db, caller.accountId, {
    ...(helpText === undefined ? {} : { helpText }),
    ...(auditRetentionDays === undefined ? {} : { auditRetentionDays }),
  });
}
