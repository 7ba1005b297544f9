import { z } from 'zod';
import { apiAccessField, applicationFields, applicationTypeField, requiredAcrField } from './application-fields.ts';
import { type ApplicationType, backchannelLogoutUriFault, redirectUriFault } from './redirect-uris.ts';

/** Public clients cannot keep a secret (RFC 6749 section 2.1). */
export const isConfidential = (type: ApplicationType): boolean => type === 'web' || type === 'service';

/** Tabs of one app may use a refresh token at the same time, and a phone may lose the answer on its way; servers have neither excuse. */
const publicClientGraceSeconds = 5;

/** How long a used refresh token of this application is answered with its successor again, in seconds. */
export const refreshGraceSeconds = ({
  type,
  refreshTokenGraceSeconds,
}: {
  readonly type: ApplicationType;
  readonly refreshTokenGraceSeconds: number | null;
}): number => refreshTokenGraceSeconds ?? (isConfidential(type) ? 0 : publicClientGraceSeconds);

/** What the rules look at. A field that is faulty in itself is undefined here: it is told of elsewhere, the others still are. */
const ruled = z.object({
  type: applicationTypeField,
  redirectUris: z.array(z.string()).optional().catch(undefined),
  postLogoutRedirectUris: z.array(z.string()).optional().catch(undefined),
  backchannelLogoutUri: z.string().nullish().catch(undefined),
  firstParty: z.boolean().optional().catch(undefined),
  apiAccess: apiAccessField.optional().catch(undefined),
  resourceServer: z.boolean().optional().catch(undefined),
  pkceRequired: z.boolean().optional().catch(undefined),
  requiredAcr: requiredAcrField.nullish().catch(undefined),
});

type Ruled = z.infer<typeof ruled>;

interface Breach {
  readonly path: readonly [keyof Ruled, ...number[]];
  readonly kind: string;
  readonly detail: string;
}

const unsupported = (field: keyof Ruled, detail: string): Breach => ({ path: [field], kind: 'NotSupported', detail });

function addressBreaches({ type, ...fields }: Ruled, field: 'redirectUris' | 'postLogoutRedirectUris'): Breach[] {
  const uris = fields[field] ?? [];
  if (type === 'service') {
    return uris.length === 0 ? [] : [unsupported(field, 'A service signs nobody in, so it has no addresses.')];
  }
  return uris.flatMap((uri, index) => {
    const detail = redirectUriFault(uri, type);
    return detail === undefined ? [] : [{ path: [field, index] as const, kind: 'Format', detail }];
  });
}

function logoutBreaches({ type, backchannelLogoutUri }: Ruled): Breach[] {
  const detail = backchannelLogoutUri == null ? undefined : backchannelLogoutUriFault(backchannelLogoutUri, type);
  return detail === undefined ? [] : [{ path: ['backchannelLogoutUri'], kind: 'Format', detail }];
}

function rightsBreaches({ type, firstParty, apiAccess, resourceServer, pkceRequired, requiredAcr }: Ruled): Breach[] {
  const breaches: Breach[] = [];
  if (type === 'service' && firstParty === true) {
    breaches.push(unsupported('firstParty', 'A service asks nobody for consent.'));
  }
  if (type === 'service' && apiAccess !== undefined && apiAccess !== 'none') {
    breaches.push(unsupported('apiAccess', 'A service acts for nobody; give programs an access key of a RAM user.'));
  }
  if (type === 'service' && requiredAcr != null) {
    breaches.push(unsupported('requiredAcr', 'A service signs nobody in, so it cannot ask for a level of logon.'));
  }
  if (!isConfidential(type) && resourceServer === true) {
    breaches.push(unsupported('resourceServer', 'Only an application that can keep a secret may introspect tokens.'));
  }
  if (type !== 'web' && pkceRequired === false) {
    breaches.push(unsupported('pkceRequired', 'PKCE can be lifted for web applications only.'));
  }
  return breaches;
}

/** Every breach of the rules between the fields, at once; none when the type is not known. */
function breachesOf(settings: unknown): Breach[] {
  const parsed = ruled.safeParse(settings);
  if (!parsed.success) return [];
  const fields = parsed.data;
  const lacksAddress = fields.type !== 'service' && fields.redirectUris?.length === 0;
  return [
    ...(lacksAddress
      ? [{ path: ['redirectUris'] as const, kind: 'Length', detail: 'At least one address is needed.' }]
      : []),
    ...addressBreaches(fields, 'redirectUris'),
    ...addressBreaches(fields, 'postLogoutRedirectUris'),
    ...logoutBreaches(fields),
    ...rightsBreaches(fields),
  ];
}

/** A whole application as an administrator describes it. Creating reads its input by this, updating what comes of it. */
export const applicationSettings = z
  .strictObject({
    ...applicationFields,
    type: applicationTypeField,
    redirectUris: applicationFields.redirectUris.default([]),
    postLogoutRedirectUris: applicationFields.postLogoutRedirectUris.default([]),
    backchannelLogoutUri: applicationFields.backchannelLogoutUri.default(null),
    firstParty: applicationFields.firstParty.default(false),
    apiAccess: applicationFields.apiAccess.default('none'),
    resourceServer: applicationFields.resourceServer.default(false),
    pkceRequired: applicationFields.pkceRequired.default(true),
    idTokenSignedResponseAlg: applicationFields.idTokenSignedResponseAlg.default('ES256'),
    accessTokenTtlSeconds: applicationFields.accessTokenTtlSeconds.default(3600),
    refreshTokenTtlSeconds: applicationFields.refreshTokenTtlSeconds.default(2_592_000),
    refreshTokenGraceSeconds: applicationFields.refreshTokenGraceSeconds.default(null),
    requiredAcr: applicationFields.requiredAcr.default(null),
  })
  .superRefine(
    (settings, context) => {
      for (const { path, kind, detail } of breachesOf(settings)) {
        context.addIssue({ code: 'custom', path: [...path], message: detail, params: { fault: kind } });
      }
    },
    // Also beside faults of single fields, so that all are told at once.
    { when: () => true },
  );

export type ApplicationSettings = z.infer<typeof applicationSettings>;
