import { z } from 'zod';
import {
  createApplicationSecret,
  deleteApplicationSecret,
  listApplicationSecrets,
} from '../../domain/applications/application-secrets.ts';
import type { ApplicationView } from '../../domain/applications/application-view.ts';
import type { ApplicationSecret } from '../../domain/applications/applications-store.ts';
import { createApplication } from '../../domain/applications/create-application.ts';
import { deleteApplication } from '../../domain/applications/delete-application.ts';
import { getApplication } from '../../domain/applications/get-application.ts';
import { listApplications } from '../../domain/applications/list-applications.ts';
import { updateApplication } from '../../domain/applications/update-application.ts';
import { instant, listOf, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';
import { shownOnce } from './shown-once.ts';

const applicationBody = z
  .object({
    clientId: z.string().meta({ examples: ['app_3k9xq2m7w4c8v1n6b5z0'] }),
    displayName: z.string().meta({ examples: ['Time sheets'] }),
    type: z.enum(['web', 'native', 'spa', 'service']),
    redirectUris: z.array(z.string().meta({ examples: ['https://app.example.com/callback'] })),
    postLogoutRedirectUris: z.array(z.string().meta({ examples: ['https://app.example.com/'] })),
    backchannelLogoutUri: z.string().nullable(),
    firstParty: z.boolean().meta({ description: 'People are not asked for consent.' }),
    apiAccess: z.enum(['none', 'read', 'full']).meta({ description: 'Whether it may ask for tokens to this API.' }),
    resourceServer: z.boolean().meta({ description: "May look into other applications' tokens." }),
    pkceRequired: z.boolean(),
    idTokenSignedResponseAlg: z.enum(['ES256', 'RS256']),
    accessTokenTtlSeconds: z.int().meta({ examples: [3600] }),
    refreshTokenTtlSeconds: z.int().meta({ examples: [2_592_000] }),
    refreshTokenGraceSeconds: z
      .int()
      .nullable()
      .meta({
        description:
          'Seconds in which a refresh token that was just used is answered with the same new tokens again; null: 5 for `native` and `spa`, 0 for others.',
        examples: [5],
      }),
    requiredAcr: z.enum(['urn:postern:acr:mfa', 'urn:postern:acr:phr']).nullable().meta({
      description: 'The least that a logon for this application must reach; null: whatever the account demands.',
    }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Application' });

const applicationSecretBody = z
  .object({
    secretId: z.string().meta({ examples: ['sec_3k9xq2m7w4c8v1n6b5z0'] }),
    createdAt: instant,
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'ApplicationSecret' });

const clientSecret = shownOnce('In this answer only.');

const one = '/applications/:clientId';
const absent = ['EntityNotExist.Application'] as const;

export const applicationRoutes = routeGroup('Applications', 'OpenID Connect clients of the account.', [
  route('GET /applications', listApplications, {
    summary: 'List applications',
    answer: pageOf(applicationBody),
    present: ({ items, nextCursor }) => ({ items: items.map(presentApplication), nextCursor }),
  }),
  route('POST /applications', createApplication, {
    summary: 'Create an application',
    body: '',
    answer: z.object({ application: applicationBody, clientSecret: clientSecret.optional() }),
    present: (created) => ({
      application: presentApplication(created.application),
      clientSecret: created.clientSecret,
    }),
    locate: ({ application }) => application.clientId,
    refuses: ['LimitExceeded.Application'],
    example: {
      body: { displayName: 'Time sheets', type: 'web', redirectUris: ['https://app.example.com/callback'] },
    },
  }),
  route(`GET ${one}`, getApplication, {
    summary: 'Read an application',
    answer: applicationBody,
    present: presentApplication,
    refuses: absent,
  }),
  route(`PATCH ${one}`, updateApplication, {
    summary: 'Change an application',
    description: 'Any field but `type`; lists are replaced as a whole.',
    body: 'changes',
    answer: applicationBody,
    present: presentApplication,
    refuses: absent,
    example: { body: { displayName: 'Time sheets (new)', accessTokenTtlSeconds: 900 } },
  }),
  route(`DELETE ${one}`, deleteApplication, {
    summary: 'Delete an application',
    description: 'Everything issued to it ends.',
    refuses: absent,
  }),
  route(`GET ${one}/secrets`, listApplicationSecrets, {
    summary: 'List the secrets of an application',
    description: 'What they are called and when they end, never their value.',
    answer: listOf(applicationSecretBody),
    present: ({ items }) => ({ items: items.map(presentSecret) }),
    refuses: absent,
  }),
  route(`POST ${one}/secrets`, createApplicationSecret, {
    summary: 'Create a secret of an application',
    body: 'options',
    answer: z.object({ secret: applicationSecretBody, clientSecret }),
    present: (created) => ({ secret: presentSecret(created.secret), clientSecret: created.clientSecret }),
    locate: ({ secret }) => secret.secretId,
    refuses: [...absent, 'LimitExceeded.Application.Secret'],
    example: { body: { removeOthers: false } },
  }),
  route(`DELETE ${one}/secrets/:secretId`, deleteApplicationSecret, {
    summary: 'Delete a secret of an application',
    refuses: [...absent, 'EntityNotExist.Application.Secret'],
  }),
]);

function presentSecret({ secretId, createdAt, expiresAt }: ApplicationSecret): z.infer<typeof applicationSecretBody> {
  return { secretId, createdAt, expiresAt };
}

function presentApplication(application: ApplicationView): z.infer<typeof applicationBody> {
  return {
    clientId: application.clientId,
    displayName: application.displayName,
    type: application.type,
    redirectUris: [...application.redirectUris],
    postLogoutRedirectUris: [...application.postLogoutRedirectUris],
    backchannelLogoutUri: application.backchannelLogoutUri,
    firstParty: application.firstParty,
    apiAccess: application.apiAccess,
    resourceServer: application.resourceServer,
    pkceRequired: application.pkceRequired,
    idTokenSignedResponseAlg: application.idTokenSignedResponseAlg,
    accessTokenTtlSeconds: application.accessTokenTtlSeconds,
    refreshTokenTtlSeconds: application.refreshTokenTtlSeconds,
    refreshTokenGraceSeconds: application.refreshTokenGraceSeconds,
    requiredAcr: application.requiredAcr,
    createdAt: application.createdAt,
    updatedAt: application.updatedAt,
  };
}
