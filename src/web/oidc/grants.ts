import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { noteConsentedGrant } from '../../domain/consents/consented-grants.ts';
import { findConsent } from '../../domain/consents/consents-store.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { isFirstParty } from './clients.ts';

/** The issuer whose grants these are, and where they are kept. */
export interface GrantDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly accountId: string;
  readonly issuerName: string;
}

/**
 * The grant an authorization request rests on: the one of this session, widened by what the user need not be asked for (everything but
 * API access of a first-party app; whatever was consented to before of any other). Undefined where nothing can be granted unasked.
 */
export async function loadExistingGrant(deps: GrantDeps, ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { oidc } = ctx;
  const { client, session } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const consented = oidc.result?.consent as { grantId?: string } | undefined;
  const grantId = consented?.grantId ?? session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await oidc.provider.Grant.find(grantId);
  if (consented?.grantId !== undefined) return existing;

  const grant = existing ?? new oidc.provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  const before = JSON.stringify([grant.openid, grant.resources]);
  if (isFirstParty(client)) grantEverythingAsked(grant, ctx);
  const restsOnConsent = await grantWhatWasConsented(deps.db, grant, ctx);
  const changed = JSON.stringify([grant.openid, grant.resources]) !== before;
  if (!changed) return existing;
  // Its life is reckoned anew from what it holds now: offline access outlives the session.
  delete (grant as { exp?: number }).exp;
  grant.client = client;
  await grant.save();
  if (!restsOnConsent) return grant;
  await noteGrant(deps, grant);
  // Whoever withdrew the consent before the grant could be found has left it to us to end it.
  if ((await findConsent(deps.db, session.accountId, client.clientId)) !== undefined) return grant;
  await grant.destroy();
  return undefined;
}

/** Notes a saved grant under the consent that it rests on, for the day when that is withdrawn. */
export async function noteGrant(
  { ephemeral, accountId, issuerName }: Omit<GrantDeps, 'db'>,
  { accountId: userId = '', clientId = '', jti: grantId, remainingTTL: ttlSeconds }: Grant,
): Promise<void> {
  await noteConsentedGrant(ephemeral, { accountId, userId, clientId }, { issuerName, grantId, ttlSeconds });
}

function grantEverythingAsked(grant: Grant, { oidc }: KoaContextWithOIDC): void {
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  if (oidc.requestParamClaims.size > 0) grant.addOIDCClaims([...oidc.requestParamClaims]);
}

/** Answers whether there was a consent. */
async function grantWhatWasConsented(db: Database, grant: Grant, { oidc }: KoaContextWithOIDC): Promise<boolean> {
  const { client, session } = oidc;
  const asksForApi = Object.keys(oidc.resourceServers ?? {}).length > 0;
  if (client === undefined || session?.accountId === undefined || (isFirstParty(client) && !asksForApi)) return false;
  const consent = await findConsent(db, session.accountId, client.clientId);
  if (consent === undefined) return false;
  const scopes = consent.scopes.filter((scope) => oidc.requestParamOIDCScopes.has(scope));
  if (scopes.length > 0) grant.addOIDCScope(scopes.join(' '));
  return true;
}
