import { z } from 'zod';
import { type CreatedUser, createUser } from '../../domain/users/create-user.ts';
import { deleteUser } from '../../domain/users/delete-user.ts';
import { getUser } from '../../domain/users/get-user.ts';
import { listUsers, type UserPage } from '../../domain/users/list-users.ts';
import { updateUser } from '../../domain/users/update-user.ts';
import type { UserView } from '../../domain/users/user-view.ts';
import { instant, listOf, pageOf } from './answer-schemas.ts';
import type { ApiRequest } from './api-request.ts';
import { route, routeGroup } from './route.ts';
import { shownOnce } from './shown-once.ts';

export const userBody = z
  .object({
    userId: z.string().meta({ examples: ['281474976710656123'] }),
    userName: z.string().meta({ examples: ['alice'] }),
    displayName: z.string().meta({ examples: ['Alice Roe'] }),
    logonName: z.string().meta({ description: 'The name to log on by.', examples: ['alice@demo.id.example.com'] }),
    email: z.string().nullable(),
    mobilePhone: z.string().nullable(),
    comments: z.string().nullable(),
    status: z.enum(['active', 'frozen']),
    createdAt: instant,
    updatedAt: instant,
    lastLogonAt: instant.nullable(),
  })
  .meta({ id: 'User' });

const createdUserBody = z
  .object({
    user: userBody,
    logonName: z.string().meta({ examples: ['bob@demo.id.example.com'] }),
    logonUrl: z.string().meta({ examples: ['https://id.example.com/demo'] }),
    initialPassword: shownOnce('Where one was generated; in this answer only.').optional(),
    accessKey: z
      .object({
        id: z.string().meta({ examples: ['PSTKx7Zq2mR4tYv9Kc1LpW3n'] }),
        secret: shownOnce('In this answer only.'),
      })
      .optional(),
  })
  .meta({ id: 'CreatedUser' });

const reading = { paramsIn: 'user', answer: userBody, present: presentUser } as const;
const changing = {
  ...{ ...reading, body: 'changes', example: { body: { comments: 'On leave', email: null } } },
  refuses: ['EntityNotExist.User', 'EntityAlreadyExists.User', 'DeleteConflict.LastAdministrator'],
} as const;
const deleting = {
  paramsIn: 'user',
  description: '`cascade=true` takes along what hangs on the user, and is content when there is none.',
  refuses: ['EntityNotExist.User', 'DeleteConflict.User', 'DeleteConflict.LastAdministrator'],
  example: { query: { cascade: 'true' } },
} as const;

export const userRoutes = routeGroup('Users', 'The RAM users of the account: people and programs.', [
  route('GET /users', listUsers, { summary: 'List users', answer: pageOf(userBody), present: presentPage }),
  route('POST /users', createUser, {
    summary: 'Create a user, or up to 100 at once',
    description: 'An array is created all or nothing, and answered as `items`.',
    body: 'users',
    oneOrMany: true,
    answer: z.union([createdUserBody, listOf(createdUserBody)]),
    present: presentCreation,
    locate: ({ items }, { body }) => (Array.isArray(body) ? undefined : items[0]?.user.userName),
    refuses: ['EntityAlreadyExists.User', 'LimitExceeded.User', 'InvalidParameter.Password.TooWeak'],
    example: { body: { userName: 'bob', displayName: 'Bob Roe', consoleLogon: {}, programmaticAccess: true } },
  }),
  route('GET /users/:userName', getUser, { ...reading, summary: 'Read a user', refuses: ['EntityNotExist.User'] }),
  route('PATCH /users/:userName', updateUser, { ...changing, summary: 'Change a user' }),
  route('DELETE /users/:userName', deleteUser, { ...deleting, summary: 'Delete a user' }),
]);

export const userByIdRoutes = routeGroup('Users', 'The RAM users of the account: people and programs.', [
  route('GET /users/by-id/:userId', getUser, {
    ...reading,
    summary: 'Read a user by id',
    refuses: ['EntityNotExist.User'],
  }),
  route('PATCH /users/by-id/:userId', updateUser, { ...changing, summary: 'Change a user by id' }),
  route('DELETE /users/by-id/:userId', deleteUser, { ...deleting, summary: 'Delete a user by id' }),
]);

function presentPage({ items, nextCursor }: UserPage) {
  return { items: items.map(presentUser), nextCursor };
}

function presentCreation({ items }: { readonly items: readonly CreatedUser[] }, { body }: ApiRequest) {
  const [first] = items;
  return Array.isArray(body) || first === undefined ? { items: items.map(presentCreated) } : presentCreated(first);
}

const presentCreated = ({ user, logonName, logonUrl, initialPassword, accessKey }: CreatedUser) => ({
  user: presentUser(user),
  logonName,
  logonUrl,
  initialPassword,
  accessKey: accessKey && { id: accessKey.id, secret: accessKey.secret },
});

/** A user on the wire. */
export function presentUser(user: UserView): z.infer<typeof userBody> {
  return {
    userId: user.userId,
    userName: user.userName,
    displayName: user.displayName,
    logonName: user.logonName,
    email: user.email,
    mobilePhone: user.mobilePhone,
    comments: user.comments,
    status: user.status,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    lastLogonAt: user.lastLogonAt,
  };
}
