import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { accountResource } from './account-resource.ts';
import { type AccountView, viewOwnAccount } from './account-view.ts';

const getAccountInput = z.strictObject({});

/** The caller's own account. */
export const getAccount: Operation<z.infer<typeof getAccountInput>, undefined, AccountView> = {
  name: 'GetAccount',
  action: 'ram:GetAccount',
  effect: 'read',
  input: getAccountInput,
  resource: (_input, caller) => accountResource(caller),
  perform: async (context) => await viewOwnAccount(context),
};
