import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import {
  createKeyFor,
  deleteKeyOf,
  listKeysOf,
  type NewAccessKey,
  readKeyOf,
  setKeyStatus,
} from './access-key-changes.ts';
import { accessKeyIdField, accessKeyStatusChange } from './access-key-fields.ts';
import type { AccessKeyView } from './access-key-view.ts';

const noInput = z.strictObject({});
const keyInput = z.strictObject({ accessKeyId: accessKeyIdField });
const statusInput = keyInput.extend({ changes: accessKeyStatusChange });

type NoInput = z.infer<typeof noInput>;
type KeyInput = z.infer<typeof keyInput>;

/** Open to users on themselves as far as the account lets them manage their keys, else as their policies say. */
const own = {
  selfService: 'allowUserToManageAccessKeys',
  resource: (_input: unknown, caller: Caller): string => userResource(caller.userName, caller),
} as const;

/** Answers the secret, for the only time. */
export const createOwnAccessKey: Operation<NoInput, undefined, NewAccessKey> = {
  name: 'CreateOwnAccessKey',
  action: 'ram:CreateAccessKey',
  effect: 'change',
  input: noInput,
  ...own,
  auditDetails: (_input, { accessKey }) => ({ accessKeyId: accessKey.id }),
  perform: (context) => createKeyFor(context, { userId: context.caller.userId }),
};

/** Disabling ends whatever was made with the key at once, this call's token too if it came of it. */
export const updateOwnAccessKey: Operation<z.infer<typeof statusInput>, undefined, AccessKeyView> = {
  name: 'UpdateOwnAccessKey',
  action: 'ram:UpdateAccessKey',
  effect: 'change',
  input: statusInput,
  ...own,
  auditDetails: ({ accessKeyId, changes: { status } }) => ({ accessKeyId, status }),
  perform: (context, { accessKeyId, changes: { status } }) =>
    setKeyStatus(context, { userId: context.caller.userId }, { accessKeyId, status }),
};

export const deleteOwnAccessKey: Operation<KeyInput, undefined, void> = {
  name: 'DeleteOwnAccessKey',
  action: 'ram:DeleteAccessKey',
  effect: 'change',
  input: keyInput,
  ...own,
  auditDetails: ({ accessKeyId }) => ({ accessKeyId }),
  perform: (context, { accessKeyId }) => deleteKeyOf(context, { userId: context.caller.userId }, accessKeyId),
};

export const getOwnAccessKey: Operation<KeyInput, undefined, AccessKeyView> = {
  name: 'GetOwnAccessKey',
  action: 'ram:ListAccessKeys',
  effect: 'read',
  input: keyInput,
  ...own,
  perform: (context, { accessKeyId }) => readKeyOf(context, { userId: context.caller.userId }, accessKeyId),
};

export const listOwnAccessKeys: Operation<NoInput, undefined, { items: readonly AccessKeyView[] }> = {
  name: 'ListOwnAccessKeys',
  action: 'ram:ListAccessKeys',
  effect: 'read',
  input: noInput,
  ...own,
  perform: (context) => listKeysOf(context, { userId: context.caller.userId }),
};
