import { z } from 'zod';
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKey,
  listAccessKeys,
  updateAccessKey,
} from '../../domain/access-keys/access-key-operations.ts';
import type { NewAccessKey } from '../../domain/access-keys/access-key-changes.ts';
import type { AccessKeyView } from '../../domain/access-keys/access-key-view.ts';
import {
  createOwnAccessKey,
  deleteOwnAccessKey,
  getOwnAccessKey,
  listOwnAccessKeys,
  updateOwnAccessKey,
} from '../../domain/access-keys/own-access-keys.ts';
import { instant, listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';
import { shownOnce } from './shown-once.ts';

const accessKeyBody = z
  .object({
    id: z.string().meta({ examples: ['PSTKx7Zq2mR4tYv9Kc1LpW3n'] }),
    name: z.string().nullable(),
    status: z.enum(['active', 'inactive']),
    createdAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    lastUsedService: z.string().nullable(),
  })
  .meta({ id: 'AccessKey' });

const newAccessKeyBody = accessKeyBody
  .extend({ secret: shownOnce('In this answer only.') })
  .meta({ id: 'NewAccessKey' });

const path = '/users/:userName/access-keys';
const absent = ['EntityNotExist.User', 'EntityNotExist.User.AccessKey'] as const;

export const accessKeyRoutes = routeGroup('Access keys', 'Credentials of users for programs, at most two a user.', [
  route(`GET ${path}`, listAccessKeys, {
    summary: 'List the access keys of a user',
    answer: listOf(accessKeyBody),
    present: ({ items }) => ({ items: items.map(presentAccessKey) }),
    refuses: ['EntityNotExist.User'],
  }),
  route(`POST ${path}`, createAccessKey, {
    summary: 'Create an access key',
    answer: z.object({ accessKey: newAccessKeyBody }),
    present: presentNewAccessKey,
    locate: ({ accessKey }) => accessKey.id,
    refuses: ['EntityNotExist.User', 'LimitExceeded.User.AccessKey'],
  }),
  route(`GET ${path}/:accessKeyId`, getAccessKey, {
    summary: 'Read an access key',
    answer: accessKeyBody,
    present: presentAccessKey,
    refuses: absent,
  }),
  route(`PATCH ${path}/:accessKeyId`, updateAccessKey, {
    summary: 'Disable or enable an access key',
    description: 'Disabling ends whatever was made with the key at once.',
    body: 'changes',
    answer: accessKeyBody,
    present: presentAccessKey,
    refuses: [...absent, 'DeleteConflict.LastAdministrator'],
    example: { body: { status: 'inactive' } },
  }),
  route(`DELETE ${path}/:accessKeyId`, deleteAccessKey, {
    summary: 'Delete an access key',
    refuses: [...absent, 'DeleteConflict.LastAdministrator'],
  }),
]);

const ofOwn = '/me/access-keys';
const ownAbsent = ['EntityNotExist.User.AccessKey'] as const;

export const ownAccessKeyRoutes = routeGroup(
  'Own access keys',
  "The caller's own, as far as the account lets users manage their keys (`allowUserToManageAccessKeys`) or policies allow it.",
  [
    route(`GET ${ofOwn}`, listOwnAccessKeys, {
      summary: "List the caller's access keys",
      answer: listOf(accessKeyBody),
      present: ({ items }) => ({ items: items.map(presentAccessKey) }),
    }),
    route(`POST ${ofOwn}`, createOwnAccessKey, {
      summary: 'Create an access key for the caller',
      answer: z.object({ accessKey: newAccessKeyBody }),
      present: presentNewAccessKey,
      locate: ({ accessKey }) => accessKey.id,
      refuses: ['LimitExceeded.User.AccessKey'],
    }),
    route(`GET ${ofOwn}/:accessKeyId`, getOwnAccessKey, {
      summary: "Read one of the caller's access keys",
      answer: accessKeyBody,
      present: presentAccessKey,
      refuses: ownAbsent,
    }),
    route(`PATCH ${ofOwn}/:accessKeyId`, updateOwnAccessKey, {
      summary: "Disable or enable one of the caller's access keys",
      description: 'Disabling ends whatever was made with the key at once.',
      body: 'changes',
      answer: accessKeyBody,
      present: presentAccessKey,
      refuses: [...ownAbsent, 'DeleteConflict.LastAdministrator'],
      example: { body: { status: 'inactive' } },
    }),
    route(`DELETE ${ofOwn}/:accessKeyId`, deleteOwnAccessKey, {
      summary: "Delete one of the caller's access keys",
      refuses: [...ownAbsent, 'DeleteConflict.LastAdministrator'],
    }),
  ],
);

function presentNewAccessKey({ accessKey, secret }: NewAccessKey): { accessKey: z.infer<typeof newAccessKeyBody> } {
  return { accessKey: { ...presentAccessKey(accessKey), secret } };
}

function presentAccessKey(key: AccessKeyView): z.infer<typeof accessKeyBody> {
  return {
    id: key.id,
    name: key.name,
    status: key.status,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    lastUsedService: key.lastUsedService,
  };
}
