import type { Application } from './applications-store.ts';

/** An application as callers see one. */
export interface ApplicationView extends Omit<Application, 'accountId' | 'revision' | 'epoch'> {}

export const viewApplication = (row: Application): ApplicationView => ({
  clientId: row.clientId,
  displayName: row.displayName,
  type: row.type,
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
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
