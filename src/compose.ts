import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { deriveKeys, type KeyRing } from './crypto/key-ring.ts';
import { createPasswordHasher, type PasswordHasher } from './crypto/password-hashing.ts';
import { type AccessKeyUses, collectAccessKeyUses } from './domain/access-keys/access-key-uses.ts';
import { breachedPasswordsOf } from './domain/login-profiles/breached-passwords.ts';
import { keepHouse } from './domain/housekeeping.ts';
import { createLiveState } from './domain/live-state/live-state.ts';
import type { Try } from './domain/logout-deliveries/deliver.ts';
import { createLogoutWorker } from './domain/logout-deliveries/logout-worker.ts';
import { createCompiledPolicies } from './domain/policies/compiled-policies.ts';
import { createKeptRights } from './domain/policies/kept-rights.ts';
import type { Database, DatabaseHandle } from './storage/db/database.ts';
import { migrate } from './storage/db/migrate.ts';
import type { EphemeralStore } from './storage/ephemeral/ephemeral-store.ts';
import { keepSwept } from './storage/ephemeral/keep-swept.ts';
import { openSqlEphemeralStore } from './storage/ephemeral/sql.ts';
import { sweepExpired } from './storage/ephemeral/sql-sweep.ts';
import { createManagementApi } from './web/api/management-api.ts';
import { serveBrandFiles } from './web/entrance/brand-files.ts';
import { createAccountGate } from './web/entrance/account-gate.ts';
import { createEntrance } from './web/entrance/entrance.ts';
import { createPagesApp } from './web/entrance/pages-app.ts';
import { loadAssets, serveAssets } from './web/http/assets.ts';
import { networkList } from './web/http/client-address.ts';
import { createFormTokens } from './web/http/csrf.ts';
import { createGeneralLogonRouter } from './web/logon/general.ts';
import { readAheadOfLogon } from './web/logon/logon-state.ts';
import { createLogonRouter } from './web/logon/routes.ts';
import { createManagementServer } from './web/management/management-listener.ts';
import { createMetrics, type Metrics } from './web/management/metrics.ts';
import { createUserCache } from './web/oidc/account-claims.ts';
import { createArtefactHints } from './web/oidc/artefact-hints.ts';
import { authenticateBearer } from './web/oidc/bearer.ts';
import { createIssuers } from './web/oidc/issuers.ts';
import { createOutboundFetch } from './web/oidc/outbound-fetch.ts';
import { readAheadOfRequest } from './web/oidc/read-ahead.ts';
import { sendLogoutToken } from './web/oidc/send-logout-token.ts';
import { createPortalRouter } from './web/portal/routes.ts';
import { createPageRenderer } from './web/views/pages.ts';

/** The stores and keys, open: what the server and the verbs that work on the database itself stand on. */
export interface Backend {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
  readonly pings: readonly (() => Promise<void>)[];
  readonly close: () => Promise<void>;
}

/** Hashes that may wait for a turn, for each that can run: about half a second's worth. */
const waitingHashesPerThread = 40;

/** Opens the stores that the configuration names, at the schema of this release. */
export async function openBackend(config: Config, keyRing: KeyRing, pid: number): Promise<Backend> {
  const database = await openDatabase(config, pid);
  await migrate(database.db);
  const { ephemeral, stop } = await openEphemeral(config, database.db);
  const parallel = availableParallelism();
  return {
    db: database.db,
    ephemeral,
    keyRing,
    passwordHasher: createPasswordHasher({ parallel, queueLimit: parallel * waitingHashesPerThread }),
    pings: [database.ping, () => ephemeral.ping()],
    close: async () => {
      await stop();
      await ephemeral.close();
      await database.close();
    },
  };
}

/** Drivers are loaded when they are wanted: one that is not costs no time at the start. */
async function openDatabase({ database }: Config, pid: number): Promise<DatabaseHandle> {
  if (database.kind === 'postgres') {
    const { openPostgres } = await import('./storage/db/postgres.ts');
    return await openPostgres({ url: database.url });
  }
  const { openEmbedded } = await import('./storage/db/pglite.ts');
  return await openEmbedded({ directory: database.directory, pid });
}

interface OpenEphemeral {
  readonly ephemeral: EphemeralStore;
  readonly stop: () => Promise<void>;
}

async function openEphemeral({ redisUrl }: Config, db: Database): Promise<OpenEphemeral> {
  if (redisUrl !== undefined) {
    const { openRedis } = await import('./storage/ephemeral/redis.ts');
    return { ephemeral: openRedis({ url: redisUrl }), stop: () => Promise.resolve() };
  }
  return { ephemeral: openSqlEphemeralStore({ db }), stop: keepSwept((limit) => sweepExpired(db, limit)) };
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  readonly managementPort: number;
  /** Resolves when every logout token that is due has been tried. */
  readonly settleLogouts: () => Promise<void>;
  /** Stops taking requests, lets those under way finish (bounded), and ends. The backend stays open. */
  readonly close: () => Promise<void>;
}

/** Builds every surface over an open backend, and listens. */
export async function startServer(config: Config, backend: Backend, logger: Logger): Promise<RunningServer> {
  const metrics = createMetrics();
  const accessKeyUses = collectAccessKeyUses({
    db: backend.db,
    onFailure: (error) => logger.warn({ err: error }, 'uses of access keys could not be noted; trying again'),
  });
  const { handle, logouts } = buildHandler(config, backend, logger, { metrics, accessKeyUses });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 }, handle);
  const management = createManagementServer({ pings: backend.pings, metrics: metrics.render });
  await Promise.all([
    listen(server, config.port, config.bindAddress),
    listen(management, config.managementPort, config.managementAddress),
  ]);
  logouts.start();
  const endHousekeeping = keepHouse({
    db: backend.db,
    onFailure: (error, choreName) => logger.error({ err: error, chore: choreName }, 'housekeeping failed'),
  });
  return {
    port: (server.address() as AddressInfo).port,
    managementPort: (management.address() as AddressInfo).port,
    settleLogouts: logouts.settle,
    close: async () => {
      await Promise.all([stop(server), stop(management), endHousekeeping()]);
      // What the last requests left to be done.
      await Promise.all([logouts.close(), accessKeyUses.close()]);
    },
  };
}

interface Watchers {
  readonly metrics: Metrics;
  readonly accessKeyUses: AccessKeyUses;
}

function buildHandler(config: Config, backend: Backend, logger: Logger, { metrics, accessKeyUses }: Watchers) {
  const { publicUrl, isHttps: https, logonDomain } = config;
  const { db, ephemeral, keyRing, passwordHasher } = backend;
  const assets = loadAssets();
  const pageDeps = { renderer: createPageRenderer(assets), https };
  const breachedPasswords = lookUpBreached(config, logger);
  const liveState = createLiveState(db);
  const userCache = createUserCache();
  const artefactHints = createArtefactHints();
  const formTokens = createFormTokens(deriveKeys(keyRing, 'forms'), publicUrl);
  const outboundFetch = createOutboundFetch(config.outboundAllowedNetworks);
  const logouts = createLogoutWorker({
    ...{ db, ephemeral, send: (delivery) => sendLogoutToken(issuers, delivery) },
    ...watchLogouts(logger, metrics),
  });
  const tellApps = logouts.nudge;
  const issuers = createIssuers({
    ...{ ...pageDeps, db, ephemeral, keyRing, liveState, logonDomain, publicUrl, logger },
    ...{ outboundFetch, userCache, accessKeyUses, artefactHints, tellApps },
  });
  const findIssuer = (issuerName: string) => issuers.find(issuerName);
  const readAhead = readingAhead({ ephemeral, liveState, hints: artefactHints });
  const logonDeps = {
    ...{ ...pageDeps, db, ephemeral, keyRing, passwordHasher, breachedPasswords },
    ...{ formTokens, logonDomain, publicUrl, tellApps },
  };
  const bearerDeps = { db, ephemeral, liveState, userCache, hints: artefactHints, issuers, https, accessKeyUses };
  const operationDeps = {
    ...{ db, ephemeral, keyRing, passwordHasher, breachedPasswords, publicUrl, logonDomain },
    ...{ ...newPolicyMemory(), tellApps },
  };
  const api = createManagementApi({
    ...{ ...operationDeps, ...pageDeps, log: logger },
    requestsPerMinute: config.apiRequestsPerMinute,
    isIssuer: async (alias) => (await findIssuer(alias)).found === 'issuer',
    authenticate: (credentials) => authenticateBearer(bearerDeps, credentials),
  });
  const pages = createPagesApp(
    { ...pageDeps, logger, findIssuer, readAhead },
    {
      withoutIssuer: [serveAssets(assets), serveBrandFiles({ db }), api],
      general: [createGeneralLogonRouter(logonDeps), createAccountGate({ ...pageDeps, db, logonDomain, publicUrl })],
      ofIssuer: [createLogonRouter(logonDeps), createPortalRouter({ ...pageDeps, ...operationDeps, formTokens })],
    },
  ).callback();
  const enter = createEntrance({
    publicUrl,
    trustedProxies: networkList(config.trustedProxies),
    logger,
    findIssuer,
    readAhead,
    pages,
  });
  return { handle: observed(enter, logger, metrics), logouts };
}

const watchLogouts = (logger: Logger, metrics: Metrics) => ({
  onTry: ({ outcome, delivery: { clientId, issuerName, attempts }, error }: Try) => {
    metrics.observeLogoutDelivery(outcome);
    const told = { clientId, issuer: issuerName, tries: attempts + 1, error };
    if (outcome === 'postponed') logger.info(told, 'an app did not take a logout token; it is tried again');
    if (outcome === 'failed') logger.warn(told, 'an app did not take a logout token; it is not tried again');
  },
  onFailure: (error: unknown) => logger.warn({ err: error }, 'ends of sessions could not be worked off; trying again'),
});

const lookUpBreached = ({ breachedPasswordsFile: file }: Config, logger: Logger) =>
  file === undefined
    ? undefined
    : breachedPasswordsOf(file, (error) =>
        logger.error({ err: error }, 'a new password could not be looked up among breached ones; it was taken'),
      );

const newPolicyMemory = () => ({ compiledPolicies: createCompiledPolicies(), keptRights: createKeptRights() });

/** What a request says of itself, the hosted logon's part of it included. */
const readingAhead =
  (deps: Parameters<typeof readAheadOfRequest>[0]) =>
  (issuerName: string, req: IncomingMessage): ReturnType<typeof readAheadOfRequest> => {
    const ahead = readAheadOfRequest(deps, issuerName, req);
    readAheadOfLogon(deps.ephemeral, ahead, req.url);
    return ahead;
  };

const observed =
  (enter: ReturnType<typeof createEntrance>, logger: Logger, metrics: Metrics) =>
  (...[req, res]: Parameters<typeof enter>): void => {
    const startedAt = performance.now();
    res.once('finish', () => metrics.observeRequest(res.statusCode, (performance.now() - startedAt) / 1000));
    enter(req, res).catch((error: unknown) => {
      logger.error({ err: error }, 'a request ended in an unexpected way');
      res.destroy();
    });
  };

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** How long requests under way may take once the server is told to stop. */
const drainMs = 8_000;

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(force);
}
