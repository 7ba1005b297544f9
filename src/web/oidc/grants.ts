import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { findConsent } from '../../domain/consents/consents-store.ts';
import type { Database } from '../../storage/db/database.ts';
import { isFirstParty } from './clients.ts';

/**
 * The grant an authorization request rests on: the one of this session, widened by what the user need not be asked for (everything but
 * API access of a first-party app; whatever was consented to before of any other). Undefined where nothing can be granted unasked.
 */
export async function loadExistingGrant(db: Database, ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
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
  await grantWhatWasConsented(db, grant, ctx);
  const changed = JSON.stringify([grant.openid, grant.resources]) !== before;
  if (changed) {
    // Its life is reckoned anew from what it holds now: offline access outlives the session.
    delete (grant as { exp?: number }).exp;
    grant.client = client;
    await grant.save();
  }
  return existing !== undefined || changed ? grant : undefined;
}

function grantEverythingAsked(grant: Grant, { oidc }: KoaContextWithOIDC): void {
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  if (oidc.requestParamClaims.size > 0) grant.addOIDCClaims([...oidc.requestParamClaims]);
}

async function grantWhatWasConsented(db: Database, grant: Grant, { oidc }: KoaContextWithOIDC): Promise<void> {
  const { client, session } = oidc;
  const asksForApi = Object.keys(oidc.resourceServers ?? {}).length > 0;
  if (client === undefined || session?.accountId === undefined || (isFirstParty(client) && !asksForApi)) return;
  const consent = await findConsent(db, session.accountId, client.clientId);
  if (consent === undefined) return;
  const scopes = consent.scopes.filter((scope) => oidc.requestParamOIDCScopes.has(scope));
  if (scopes.length > 0) grant.addOIDCScope(scopes.join(' '));
}
