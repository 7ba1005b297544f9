import type { Application } from '../../domain/applications/applications-store.ts';
import { commandLineClientId } from './artefact-store.ts';

const always = new Date(0);

/**
 * The command line as every issuer knows it, without a row: a native application (RFC 8252) on any port of loopback, with access to the
 * management API within its user's rights, of which consent is asked each time (interaction-policy.ts). What it gets is bound to the browser's
 * session, so it lasts no longer than one can.
 */
export const commandLineApplication = (accountId: string, sessionSeconds: number): Application => ({
  clientId: commandLineClientId,
  accountId,
  displayName: 'Postern command line',
  type: 'native',
  redirectUris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
  postLogoutRedirectUris: [],
  backchannelLogoutUri: null,
  firstParty: false,
  apiAccess: 'full',
  resourceServer: false,
  pkceRequired: true,
  idTokenSignedResponseAlg: 'ES256',
  accessTokenTtlSeconds: 600,
  refreshTokenTtlSeconds: sessionSeconds,
  refreshTokenGraceSeconds: null,
  requiredAcr: null,
  createdAt: always,
  updatedAt: always,
  revision: 0,
  epoch: 0,
});
