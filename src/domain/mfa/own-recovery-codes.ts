import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { lockUser } from '../users/users-store.ts';
import { noSuchDevice } from './mfa-device-changes.ts';
import { renewRecoveryCodes } from './mfa.ts';
import { countMfaDevices, countRecoveryCodes, type RecoveryCodeCount } from './mfa-store.ts';
import { proofFields, proveAnew } from './own-proof.ts';

const noInput = z.strictObject({});
const renewalInput = z.strictObject(proofFields);

const ownResource = (_input: unknown, caller: Caller): string => userResource(caller.userName, caller);

/** How many there are, and how many are left; never the codes, of which only hashes are kept. */
export const getOwnRecoveryCodes: Operation<z.infer<typeof noInput>, undefined, RecoveryCodeCount> = {
  name: 'GetOwnRecoveryCodes',
  action: 'ram:GetRecoveryCodes',
  effect: 'read',
  selfService: true,
  input: noInput,
  resource: ownResource,
  perform: ({ db, caller }) => countRecoveryCodes(db, caller.userId),
};

/** New recovery codes in place of the old ones, which are worth nothing from then on. They stand in for a device, so there must be one. */
export const createOwnRecoveryCodes: Operation<
  z.infer<typeof renewalInput>,
  void,
  { readonly recoveryCodes: readonly string[] }
> = {
  name: 'CreateOwnRecoveryCodes',
  action: 'ram:CreateRecoveryCodes',
  effect: 'change',
  selfService: 'allowUserToManageMFADevices',
  input: renewalInput,
  resource: ownResource,
  prepare: async (context, proof) => {
    if ((await countMfaDevices(context.db, context.caller.userId)) === 0) throw noSuchDevice();
    await proveAnew(context, proof);
  },
  perform: async ({ db, caller: { accountId, userId } }) => {
    if ((await lockUser(db, accountId, { userId })) === undefined) throw noSuchUser();
    if ((await countMfaDevices(db, userId)) === 0) throw noSuchDevice();
    return { recoveryCodes: await renewRecoveryCodes({ db }, { accountId, userId }) };
  },
};
