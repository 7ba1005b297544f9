import { z } from 'zod';
import { parseInput } from '../input-faults.ts';
import { requireAccess } from '../authorise.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { applicationFields, clientIdField } from './application-fields.ts';
import { applicationResource, grantsOf, noSuchApplication } from './application-resource.ts';
import { type ApplicationSettings, applicationSettings } from './application-rules.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import { type Application, lockApplication, updateApplication as updateApplicationRow } from './applications-store.ts';

const changesInput = z.strictObject(applicationFields).partial();
const updateApplicationInput = z.strictObject({ clientId: clientIdField, changes: changesInput });

/** What comes of the changes, checked as a whole; its faults point to where the changes stand. */
const changedSettings = z.strictObject({ changes: applicationSettings });

const apiAccessRank = { none: 0, read: 1, full: 2 } as const;
const acrRank = { none: 0, 'urn:postern:acr:mfa': 1, 'urn:postern:acr:phr': 2 } as const;

const settingsOf = (row: Application): ApplicationSettings => ({
  type: row.type,
  displayName: row.displayName,
  redirectUris: row.redirectUris,
  postLogoutRedirectUris: row.postLogoutRedirectUris,
  backchannelLogoutUri: row.backchannelLogoutUri,
  firstParty: row.firstParty,
  apiAccess: row.apiAccess,
  resourceServer: row.resourceServer,
  pkceRequired: row.pkceRequired,
  idTokenSignedResponseAlg: row.idTokenSignedResponseAlg,
  accessTokenTtlSeconds: row.accessTokenTtlSeconds,
  refreshTokenTtlSeconds: row.refreshTokenTtlSeconds,
  refreshTokenGraceSeconds: row.refreshTokenGraceSeconds,
  requiredAcr: row.requiredAcr,
});

/** Whoever adds an address to an application gains its rights for the people sent there, so that needs the right to grant them. */
async function requireGrants(
  context: OperationContext,
  row: Application,
  settings: ApplicationSettings,
): Promise<void> {
  const gainsAddress = settings.redirectUris.some((uri) => !row.redirectUris.includes(uri));
  if (gainsAddress) await requireAccess(context, grantsOf(settings, applicationResource(row.clientId, context.caller)));
}

/** Whether something is taken away that codes and tokens were drawn through: an address, API access, exemption from consent, a lower level of logon. */
const shrinks = (row: Application, settings: ApplicationSettings): boolean =>
  row.redirectUris.some((uri) => !settings.redirectUris.includes(uri)) ||
  apiAccessRank[settings.apiAccess] < apiAccessRank[row.apiAccess] ||
  (row.firstParty && !settings.firstParty) ||
  acrRank[settings.requiredAcr ?? 'none'] > acrRank[row.requiredAcr ?? 'none'];

/**
 * Changes the fields named in `changes`; the type is never changed. Codes, grants and tokens of the application end when a
 * redirect address, API access or its being a first party is taken away, or a higher level of logon is required.
 */
export const updateApplication: Operation<z.infer<typeof updateApplicationInput>, undefined, ApplicationView> = {
  name: 'UpdateApplication',
  action: 'ram:UpdateApplication',
  effect: 'change',
  input: updateApplicationInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  alsoRequires: ({ clientId, changes }, caller) => grantsOf(changes, applicationResource(clientId, caller)),
  perform: async (context, { clientId, changes }) => {
    const row = await lockApplication(context.db, context.caller.accountId, clientId);
    if (row === undefined) throw noSuchApplication();
    const { changes: settings } = parseInput(changedSettings, { changes: { ...settingsOf(row), ...changes } });
    await requireGrants(context, row, settings);
    const updated = await updateApplicationRow(context.db, clientId, settings, shrinks(row, settings));
    if (updated === undefined) throw noSuchApplication();
    return viewApplication(updated);
  },
  auditDetails: ({ changes }) => {
    const { apiAccess, firstParty, pkceRequired, requiredAcr } = changes;
    return { changed: Object.keys(changes), apiAccess, firstParty, pkceRequired, requiredAcr };
  },
};
