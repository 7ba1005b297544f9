import type { Logger } from 'pino';
import Provider, { type Configuration, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import { deriveKeys } from '../../crypto/key-ring.ts';
import { managementResource } from '../../domain/accounts/deployment.ts';
import type { LogonSettings } from '../../domain/accounts/logon-settings.ts';
import type { PublishedSigningKey } from '../../domain/signing-keys/signing-keys.ts';
import { StoreUnavailableError } from '../../storage/store-unavailable-error.ts';
import { claimsByScope, findAccount } from './account-claims.ts';
import { type AdapterDeps, createAdapter } from './adapter.ts';
import { type ArtefactDeps, isAccessKeyId } from './artefact-store.ts';
import { installClients } from './clients.ts';
import { createCookieSignatures } from './cookie-signatures.ts';
import { mayIntrospect, resourceServerInfo, staticSettings } from './engine-settings.ts';
import type { EngineDeps } from './engine-deps.ts';
import { enginePageHeaders, renderEngineError, renderSignedOut, renderSignOutQuestion } from './engine-pages.ts';
import { loadExistingGrant } from './grants.ts';
import { replaceEngineForms } from './handover.ts';
import { interactionAddress } from './interaction-address.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { LocalSigningKey } from './local-signing-key.ts';
import { dropUnusableHint } from './logout-request.ts';
import { shareRefreshAnswers } from './refresh-grace.ts';
import { requestState, settleWrites } from './request-state.ts';
import { auditSignOuts, endEverywhere } from './sign-out.ts';
import { answerOnceStored } from './settled-answers.ts';
import { retireSessionCookie } from './session-adapter.ts';

/** One issuer: the alias or account id in its address, and what it stands for at present. */
export interface IssuerSetup {
  readonly issuer: string;
  readonly issuerName: string;
  readonly accountId: string;
  readonly currentAlias: string;
  readonly keys: readonly PublishedSigningKey[];
  /** From a logon to the end of its session. */
  readonly sessionSeconds: number;
  readonly settings: LogonSettings;
}

/** Builds the engine of one issuer. Dear (half a millisecond), so the pool keeps it. */
export function createIssuerProvider(deps: EngineDeps, setup: IssuerSetup): Provider {
  const idleSeconds = setup.settings.securityPreferences.loginSessionIdleMinutes * 60;
  const artefacts: AdapterDeps = {
    ephemeral: deps.ephemeral,
    keyRing: deps.keyRing,
    liveState: deps.liveState,
    hints: deps.artefactHints,
    issuerName: setup.issuerName,
    sessionLife: { absoluteSeconds: setup.sessionSeconds, idleSeconds },
  };
  const provider = new Provider(setup.issuer, {
    ...staticSettings(setup.sessionSeconds),
    ...issuerSettings(deps, setup),
    adapter: (model: string) => createAdapter(artefacts, model, setup.issuer),
  });
  // The entrance has replaced what the request said of host and scheme by what the deployment is configured with.
  provider.proxy = true;
  provider.silent = true;
  installClients(provider, { ...deps, ...setup });
  retireRotatedCookies(provider, artefacts);
  provider.use(enginePageHeaders(deps));
  provider.use(answerOnceStored(provider, deps, setup.issuerName));
  provider.use(shareRefreshAnswers(artefacts));
  provider.use(replaceEngineForms(deps));
  provider.use(dropUnusableHint(provider));
  endEverywhere(provider, { ...deps, issuerName: setup.issuerName });
  auditSignOuts(provider, deps);
  reportErrors(provider, deps.logger);
  return provider;
}

function issuerSettings(deps: EngineDeps, setup: IssuerSetup): Configuration {
  const { issuer, issuerName, currentAlias, keys, sessionSeconds, settings } = setup;
  const prefix = deps.https ? '__Secure-' : '';
  const cookie = { httpOnly: true, sameSite: 'lax', secure: deps.https, signed: true, overwrite: true } as const;
  const claimsDeps = { ...deps, currentAlias, settings };
  return {
    ...staticSettings(sessionSeconds),
    claims: claimsByScope,
    cookies: {
      keys: createCookieSignatures(deriveKeys(deps.keyRing, `cookies:${issuerName}`)),
      names: {
        session: `${prefix}postern.session`,
        interaction: `${prefix}postern.logon`,
        resume: `${prefix}postern.resume`,
      },
      long: { ...cookie, path: `/${issuerName}` },
      short: cookie,
    },
    features: features(deps, issuer),
    fetch: deps.outboundFetch as NonNullable<Configuration['fetch']>,
    findAccount: ({ oidc: { route } }, userId) =>
      findAccount(claimsDeps, deps.userCache, requestState(), { userId, route }),
    interactions: {
      policy: createInteractionPolicy({ ...deps, account: setup, preferences: settings.securityPreferences }),
      url: (_ctx, { uid, params }) => interactionAddress(issuerName, uid, String(params['client_id'])),
    },
    jwks: { keys: keys.map((key) => new LocalSigningKey(key)) },
    loadExistingGrant: (ctx) => loadExistingGrant({ ...deps, ...setup }, ctx),
    renderError: (ctx, out, error) => renderEngineError(ctx, deps, { out, error, issuerName }),
  };
}

function features(deps: EngineDeps, issuer: string): NonNullable<Configuration['features']> {
  return {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => mayIntrospect(client, token) },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: {
      enabled: true,
      // An access key is a client of the management API and of nothing else, so it need not say so.
      defaultResource: (_ctx, client, oneOf) =>
        (oneOf ?? (isAccessKeyId(client?.clientId ?? '') ? managementResource(issuer) : undefined)) as string,
      getResourceServerInfo: (ctx, resource, client) => resourceServerInfo(ctx, issuer, resource, client),
    },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) => renderSignOutQuestion(ctx, deps),
      postLogoutSuccessSource: (ctx) => renderSignedOut(ctx, deps),
    },
    userinfo: { enabled: true },
  };
}

/**
 * A session gets a new id when somebody has authenticated in it (and not at every return from a page, which would sign out another tab
 * that is under way). A rotated id leaves its cookie value behind: it is forgotten once the new one is stored, and the session stays.
 */
function retireRotatedCookies(provider: Provider, artefacts: ArtefactDeps): void {
  const prototype = provider.Session.prototype as Session & { oldId?: string };
  const save = Reflect.get(prototype, 'save') as (this: Session, ttl: number) => Promise<string>;
  const rotate = Reflect.get(prototype, 'resetIdentifier') as (this: Session) => void;
  prototype.resetIdentifier = function rotateAfterLogon(this: Session) {
    if (requestState().completesLogon) rotate.call(this);
  };
  prototype.save = async function saveAndRetire(this: Session & { oldId?: string }, ttl: number) {
    const { oldId } = this;
    // The engine would remove the session under its old id, and with it the one just about to be saved.
    delete this.oldId;
    const result = await save.call(this, ttl);
    if (oldId !== undefined) {
      await settleWrites(requestState());
      await retireSessionCookie(artefacts, oldId);
    }
    return result;
  };
}

function reportErrors(provider: Provider, logger: Logger): void {
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => {
    if (error instanceof StoreUnavailableError) {
      answerUnavailable(ctx);
      logger.warn({ err: error }, 'a store is out of reach');
    } else logger.error({ err: error, path: ctx.path }, 'the engine failed');
  });
}

/** RFC 6749 has `temporarily_unavailable` for it; the engine knows only `server_error`. */
function answerUnavailable(ctx: KoaContextWithOIDC): void {
  ctx.status = 503;
  ctx.set('Retry-After', '2');
  if (ctx.body !== undefined && typeof ctx.body === 'object') {
    ctx.body = {
      error: 'temporarily_unavailable',
      error_description: 'the service cannot reach its storage; try again shortly',
    };
  }
}
