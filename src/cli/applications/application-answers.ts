import { z } from 'zod';
import { formatFields, shortTime } from '../text.ts';

export const applicationAnswer = z.looseObject({
  clientId: z.string(),
  displayName: z.string(),
  type: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  backchannelLogoutUri: z.string().nullish(),
  firstParty: z.boolean(),
  apiAccess: z.string(),
  resourceServer: z.boolean(),
  refreshTokenGraceSeconds: z.number().nullish(),
  requiredAcr: z.string().nullish(),
  createdAt: z.string(),
});

export const createdApplicationAnswer = z.looseObject({
  application: applicationAnswer,
  clientSecret: z.string().optional(),
});

export const secretAnswer = z.looseObject({ secretId: z.string(), createdAt: z.string() });

export const createdSecretAnswer = z.looseObject({ secret: secretAnswer, clientSecret: z.string() });

const secondsOf = (seconds: number | null | undefined): string | undefined =>
  typeof seconds === 'number' ? `${seconds} s` : undefined;

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

export const formatApplication = (application: z.infer<typeof applicationAnswer>): string =>
  formatFields([
    ['Client id', application.clientId],
    ['Display name', application.displayName],
    ['Type', application.type],
    ...application.redirectUris.map((uri) => ['Redirect address', uri] as const),
    ...application.postLogoutRedirectUris.map((uri) => ['After sign-out', uri] as const),
    ['Logout tokens to', application.backchannelLogoutUri],
    ['First party', yesNo(application.firstParty)],
    ['API access', application.apiAccess],
    ['Resource server', yesNo(application.resourceServer)],
    ['Refresh token grace', secondsOf(application.refreshTokenGraceSeconds)],
    ['Required level', application.requiredAcr],
    ['Created', shortTime(application.createdAt)],
  ]);

/** What an app's configuration needs; the secret is shown this once. */
export const formatCreatedApplication = (
  issuer: string,
  { application, clientSecret }: z.infer<typeof createdApplicationAnswer>,
): string =>
  formatFields([
    ['Issuer', issuer],
    ['Client id', application.clientId],
    ...(clientSecret === undefined ? [] : [['Client secret', clientSecret] as const]),
  ]);
