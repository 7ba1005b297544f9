import { z } from 'zod';
import { displayNameField } from '../users/user-fields.ts';

const addressesLimit = 50;

export const clientIdField = z
  .string()
  .regex(/^app_[a-z0-9]{20}$/, { error: 'A client id is app_ and 20 letters and digits.' });

export const secretIdField = z
  .string()
  .regex(/^sec_[a-z0-9]{20}$/, { error: 'A secret id is sec_ and 20 letters and digits.' });

export const applicationTypeField = z.enum(['web', 'native', 'spa', 'service']);

export const apiAccessField = z.enum(['none', 'read', 'full']);

export const requiredAcrField = z.enum(['urn:postern:acr:mfa', 'urn:postern:acr:phr']);

const addresses = z
  .array(z.string())
  .max(addressesLimit, { error: `At most ${addressesLimit} addresses.` })
  .refine((uris) => new Set(uris).size === uris.length, {
    params: { fault: 'Duplicate' },
    error: 'An address stands here twice.',
  });

/** Every field but the type, which is chosen once; each alone. What they ask of one another stands in application-rules.ts. */
export const applicationFields = {
  displayName: displayNameField,
  redirectUris: addresses,
  postLogoutRedirectUris: addresses,
  backchannelLogoutUri: z.string().nullable(),
  firstParty: z.boolean(),
  apiAccess: apiAccessField,
  resourceServer: z.boolean(),
  pkceRequired: z.boolean(),
  idTokenSignedResponseAlg: z.enum(['ES256', 'RS256']),
  /** RAM: 900 to 10800 s; shorter lives do no harm. */
  accessTokenTtlSeconds: z.int().min(60).max(10_800),
  /** RAM: 7200 s to a year; shorter lives do no harm. */
  refreshTokenTtlSeconds: z.int().min(300).max(31_536_000),
  /** How long a used refresh token is answered with its successor again; null: the default of the type (`refreshGraceSeconds`). */
  refreshTokenGraceSeconds: z.int().min(0).max(60).nullable(),
  /** The least that a logon for the application must reach; null: whatever the user's account demands. */
  requiredAcr: requiredAcrField.nullable(),
};
