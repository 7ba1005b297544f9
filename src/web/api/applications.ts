import { z } from 'zod';
import {
  createApplicationSecret,
  deleteApplicationSecret,
  listApplicationSecrets,
} from '../../domain/applications/application-secrets.ts';
import type { ApplicationView } from '../../domain/applications/application-view.ts';
import type { ApplicationSecret } from '../../domain/applications/applications-store.ts';
import { type CreatedApplication, createApplication } from '../../domain/applications/create-application.ts';
import { deleteApplication } from '../../domain/applications/delete-application.ts';
import { getApplication } from '../../domain/applications/get-application.ts';
import { type ApplicationPage, listApplications } from '../../domain/applications/list-applications.ts';
import type { NewApplicationSecret } from '../../domain/applications/new-secret.ts';
import { updateApplication } from '../../domain/applications/update-application.ts';
import { parseQuery, queryNumber } from './query.ts';
import { type Answer, type ApiRequest, created, gone, ok, type Reading, type Route, route } from './route.ts';

const listQuery = z.strictObject({
  q: z.string().optional(),
  limit: queryNumber.optional(),
  cursor: z.string().optional(),
});

const one = '/applications/:clientId';

export const applicationRoutes: readonly Route[] = [
  route('GET /applications', listApplications, readList, answerPage),
  route('POST /applications', createApplication, ({ body }) => ({ input: body, bodyAt: '' }), answerCreated),
  route(`GET ${one}`, getApplication, readOne, answerApplication),
  route(`PATCH ${one}`, updateApplication, readChanges, answerApplication),
  route(`DELETE ${one}`, deleteApplication, readOne, gone),
  route(`GET ${one}/secrets`, listApplicationSecrets, readOne, answerSecrets),
  route(`POST ${one}/secrets`, createApplicationSecret, readNewSecret, answerCreatedSecret),
  route(`DELETE ${one}/secrets/:secretId`, deleteApplicationSecret, readSecret, gone),
];

function readList({ query }: ApiRequest): Reading {
  return { input: parseQuery(listQuery, query) };
}

function readOne({ params }: ApiRequest): Reading {
  return { input: { clientId: params['clientId'] } };
}

function readSecret({ params }: ApiRequest): Reading {
  return { input: { clientId: params['clientId'], secretId: params['secretId'] } };
}

function readChanges({ params, body }: ApiRequest): Reading {
  return { input: { clientId: params['clientId'], changes: body }, bodyAt: '/changes' };
}

function readNewSecret({ params, body }: ApiRequest): Reading {
  return { input: { clientId: params['clientId'], options: body ?? {} }, bodyAt: '/options' };
}

function answerPage({ items, nextCursor }: ApplicationPage): Answer {
  return ok({ items: items.map(presentApplication), nextCursor });
}

function answerApplication(application: ApplicationView): Answer {
  return ok(presentApplication(application));
}

/** The only answer that ever holds the first secret. */
function answerCreated({ application, clientSecret }: CreatedApplication, { path }: ApiRequest): Answer {
  return created({ application: presentApplication(application), clientSecret }, `${path}/${application.clientId}`);
}

function answerSecrets({ items }: { readonly items: readonly ApplicationSecret[] }): Answer {
  return ok({ items: items.map(presentSecret) });
}

/** The only answer that ever holds this secret. */
function answerCreatedSecret({ secret, clientSecret }: NewApplicationSecret, { path }: ApiRequest): Answer {
  return created({ secret: presentSecret(secret), clientSecret }, `${path}/${secret.secretId}`);
}

const presentSecret = ({ secretId, createdAt, expiresAt }: ApplicationSecret) => ({ secretId, createdAt, expiresAt });

/** An application on the wire. */
const presentApplication = (application: ApplicationView) => ({
  clientId: application.clientId,
  displayName: application.displayName,
  type: application.type,
  redirectUris: application.redirectUris,
  postLogoutRedirectUris: application.postLogoutRedirectUris,
  backchannelLogoutUri: application.backchannelLogoutUri,
  firstParty: application.firstParty,
  apiAccess: application.apiAccess,
  resourceServer: application.resourceServer,
  pkceRequired: application.pkceRequired,
  idTokenSignedResponseAlg: application.idTokenSignedResponseAlg,
  accessTokenTtlSeconds: application.accessTokenTtlSeconds,
  refreshTokenTtlSeconds: application.refreshTokenTtlSeconds,
  createdAt: application.createdAt,
  updatedAt: application.updatedAt,
});
