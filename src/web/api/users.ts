import { z } from 'zod';
import { type CreatedUser, createUser } from '../../domain/users/create-user.ts';
import { deleteUser } from '../../domain/users/delete-user.ts';
import { getUser } from '../../domain/users/get-user.ts';
import { listUsers, type UserPage } from '../../domain/users/list-users.ts';
import { updateUser } from '../../domain/users/update-user.ts';
import type { UserView } from '../../domain/users/user-view.ts';
import { parseQuery, queryFlag, queryNumber } from './query.ts';
import { type Answer, type ApiRequest, created, gone, ok, type Reading, type Route, route } from './route.ts';

const listQuery = z.strictObject({
  q: z.string().optional(),
  status: z.string().optional(),
  limit: queryNumber.optional(),
  cursor: z.string().optional(),
});
const deleteQuery = z.strictObject({ cascade: queryFlag.optional() });

export const userRoutes: readonly Route[] = [
  route('GET /users', listUsers, readList, answerPage),
  route('POST /users', createUser, readNewUsers, answerCreated),
  route('GET /users/:userName', getUser, (request) => ({ input: { user: named(request) } }), answerUser),
  route('PATCH /users/:userName', updateUser, (request) => readChanges(request, named(request)), answerUser),
  route('DELETE /users/:userName', deleteUser, (request) => readDeletion(request, named(request)), gone),
];

export const userByIdRoutes: readonly Route[] = [
  route('GET /users/by-id/:userId', getUser, (request) => ({ input: { user: identified(request) } }), answerUser),
  route('PATCH /users/by-id/:userId', updateUser, (request) => readChanges(request, identified(request)), answerUser),
  route('DELETE /users/by-id/:userId', deleteUser, (request) => readDeletion(request, identified(request)), gone),
];

const named = ({ params }: ApiRequest) => ({ userName: params['userName'] });
const identified = ({ params }: ApiRequest) => ({ userId: params['userId'] });

function readList({ query }: ApiRequest): Reading {
  return { input: parseQuery(listQuery, query) };
}

/** One user, or an array of them: all or nothing. */
function readNewUsers({ body }: ApiRequest): Reading {
  return Array.isArray(body)
    ? { input: { users: body }, bodyAt: '/users' }
    : { input: { users: [body] }, bodyAt: '/users/0' };
}

const readChanges = ({ body }: ApiRequest, user: unknown): Reading => ({
  input: { user, changes: body },
  bodyAt: '/changes',
});

function readDeletion({ query }: ApiRequest, user: unknown): Reading {
  return { input: { user, ...parseQuery(deleteQuery, query) } };
}

function answerUser(user: UserView): Answer {
  return ok(presentUser(user));
}

function answerPage({ items, nextCursor }: UserPage): Answer {
  return ok({ items: items.map(presentUser), nextCursor });
}

function answerCreated({ items }: { readonly items: readonly CreatedUser[] }, { body, path }: ApiRequest): Answer {
  const [first] = items;
  if (Array.isArray(body) || first === undefined) return { status: 201, body: { items: items.map(presentCreated) } };
  return created(presentCreated(first), `${path}/${first.user.userName}`);
}

const presentCreated = ({ user, logonName, logonUrl, initialPassword, accessKey }: CreatedUser) => ({
  user: presentUser(user),
  logonName,
  logonUrl,
  initialPassword,
  accessKey: accessKey && { id: accessKey.id, secret: accessKey.secret },
});

/** A user on the wire. */
export const presentUser = (user: UserView) => ({
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
});
