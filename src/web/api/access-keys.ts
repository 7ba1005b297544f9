import {
  createAccessKey,
  deleteAccessKey,
  getAccessKey,
  listAccessKeys,
  updateAccessKey,
} from '../../domain/access-keys/access-key-operations.ts';
import type { AccessKeyView } from '../../domain/access-keys/access-key-view.ts';
import { requireNothing } from './query.ts';
import { type Answer, type ApiRequest, created, gone, ok, type Reading, type Route, route } from './route.ts';

const path = '/users/:userName/access-keys';

export const accessKeyRoutes: readonly Route[] = [
  route(`GET ${path}`, listAccessKeys, readUser, ({ items }) => ok({ items: items.map(presentAccessKey) })),
  route(`POST ${path}`, createAccessKey, readCreation, answerCreated),
  route(`GET ${path}/:accessKeyId`, getAccessKey, readKey, answerKey),
  route(`PATCH ${path}/:accessKeyId`, updateAccessKey, readChanges, answerKey),
  route(`DELETE ${path}/:accessKeyId`, deleteAccessKey, readKey, gone),
];

function readUser({ params }: ApiRequest): Reading {
  return { input: { userName: params['userName'] } };
}

function readCreation(request: ApiRequest): Reading {
  requireNothing(request.body);
  return readUser(request);
}

function readKey({ params }: ApiRequest): Reading {
  return { input: { userName: params['userName'], accessKeyId: params['accessKeyId'] } };
}

function readChanges({ params, body }: ApiRequest): Reading {
  const { userName, accessKeyId } = params;
  return { input: { userName, accessKeyId, changes: body }, bodyAt: '/changes' };
}

function answerKey(key: AccessKeyView): Answer {
  return ok(presentAccessKey(key));
}

/** The only answer that ever holds the secret. */
function answerCreated({ accessKey, secret }: { accessKey: AccessKeyView; secret: string }, request: ApiRequest) {
  return created({ accessKey: { ...presentAccessKey(accessKey), secret } }, `${request.path}/${accessKey.id}`);
}

const presentAccessKey = (key: AccessKeyView) => ({
  id: key.id,
  name: key.name,
  status: key.status,
  createdAt: key.createdAt,
  expiresAt: key.expiresAt,
  lastUsedAt: key.lastUsedAt,
  lastUsedService: key.lastUsedService,
});
