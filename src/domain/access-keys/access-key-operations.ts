import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userNameField } from '../users/user-fields.ts';
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

const userInput = z.strictObject({ userName: userNameField });
const keyInput = userInput.extend({ accessKeyId: accessKeyIdField });
const statusInput = keyInput.extend({ changes: accessKeyStatusChange });

type UserInput = z.infer<typeof userInput>;
type KeyInput = z.infer<typeof keyInput>;

const resource = ({ userName }: UserInput, caller: Caller): string => userResource(userName, caller);

/** Answers the secret, for the only time. */
export const createAccessKey: Operation<UserInput, undefined, NewAccessKey> = {
  name: 'CreateAccessKey',
  action: 'ram:CreateAccessKey',
  effect: 'change',
  input: userInput,
  resource,
  auditDetails: (_input, { accessKey }) => ({ accessKeyId: accessKey.id }),
  perform: (context, { userName }) => createKeyFor(context, { userName }),
};

/** Disabling ends whatever was made with the key at once. */
export const updateAccessKey: Operation<z.infer<typeof statusInput>, undefined, AccessKeyView> = {
  name: 'UpdateAccessKey',
  action: 'ram:UpdateAccessKey',
  effect: 'change',
  input: statusInput,
  resource,
  auditDetails: ({ accessKeyId, changes: { status } }) => ({ accessKeyId, status }),
  perform: (context, { userName, accessKeyId, changes: { status } }) =>
    setKeyStatus(context, { userName }, { accessKeyId, status }),
};

export const deleteAccessKey: Operation<KeyInput, undefined, void> = {
  name: 'DeleteAccessKey',
  action: 'ram:DeleteAccessKey',
  effect: 'change',
  input: keyInput,
  resource,
  auditDetails: ({ accessKeyId }) => ({ accessKeyId }),
  perform: (context, { userName, accessKeyId }) => deleteKeyOf(context, { userName }, accessKeyId),
};

export const getAccessKey: Operation<KeyInput, undefined, AccessKeyView> = {
  name: 'GetAccessKey',
  action: 'ram:ListAccessKeys',
  effect: 'read',
  input: keyInput,
  resource,
  perform: (context, { userName, accessKeyId }) => readKeyOf(context, { userName }, accessKeyId),
};

export const listAccessKeys: Operation<UserInput, undefined, { items: readonly AccessKeyView[] }> = {
  name: 'ListAccessKeys',
  action: 'ram:ListAccessKeys',
  effect: 'read',
  input: userInput,
  resource,
  perform: (context, { userName }) => listKeysOf(context, { userName }),
};
