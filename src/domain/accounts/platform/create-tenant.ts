import { z } from 'zod';
import type { Operation } from '../../operation.ts';
import { userNameField } from '../../users/user-fields.ts';
import { aliasField } from '../account-fields.ts';
import { platformAccountResource } from '../account-resource.ts';
import type { NewAccountHandover } from '../create-account.ts';
import { insertNewAccount, type PreparedAccount, prepareAccount } from '../new-account.ts';
import { tellAccount } from './tell-account.ts';

const createAccountInput = z.strictObject({ alias: aliasField, adminUserName: userNameField });

/** Without an access key: whoever was given the account makes one where it is needed. */
export type CreatedAccount = Omit<NewAccountHandover, 'accessKeyId' | 'accessKeySecret'>;

/** Makes an account for others, with one administrator who must choose a password at first logon. */
export const createTenant: Operation<z.infer<typeof createAccountInput>, PreparedAccount, CreatedAccount> = {
  name: 'CreateAccount',
  action: 'postern:CreateAccount',
  effect: 'change',
  input: createAccountInput,
  resource: () => platformAccountResource({ accountId: '*' }),
  auditDetails: ({ alias, adminUserName }, { accountId }) => ({ accountId, alias, adminUserName }),
  prepare: async (context) => await prepareAccount(context),
  perform: async (context, { alias, adminUserName }, prepared) => {
    const { accountId } = await insertNewAccount(context, { alias, adminUserName, isPlatform: false }, prepared);
    const details = { alias, adminUserName };
    await tellAccount(context.db, context.caller, { accountId, action: 'postern:CreateAccount', details });
    const { initialPassword } = prepared;
    return { publicUrl: context.publicUrl, alias, accountId, adminUserName, initialPassword };
  },
};
