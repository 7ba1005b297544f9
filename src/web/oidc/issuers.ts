import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type Provider from 'oidc-provider';
import { findIssuer, type IssuerRow } from '../../domain/accounts/accounts-store.ts';
import { type LogonSettings, loadLogonSettings } from '../../domain/accounts/logon-settings.ts';
import { issuerUrl } from '../../domain/accounts/deployment.ts';
import type { LivePrincipal } from '../../domain/live-state/live-state.ts';
import { loadIssuerKeys } from '../../domain/signing-keys/signing-keys.ts';
import { brandPages, pageBrand } from '../views/page-brand.ts';
import type { EngineDeps } from './engine-deps.ts';
import { type FixedDocuments, keepDocuments } from './fixed-documents.ts';
import { createIssuerProvider } from './provider.ts';

/** An issuer that answers requests: its engine, and its account as it is at present. */
export interface HostedIssuer {
  readonly issuer: string;
  readonly issuerName: string;
  readonly accountId: string;
  /** The name the account goes by now; another than `issuerName` where that is a former alias or the account id. */
  readonly currentAlias: string;
  readonly provider: Provider;
  readonly handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  readonly account: LivePrincipal;
  readonly documents: FixedDocuments;
  readonly settings: LogonSettings;
}

export type IssuerLookup =
  | { readonly found: 'issuer'; readonly hosted: HostedIssuer }
  | { readonly found: 'nothing' }
  | { readonly found: 'suspended'; readonly hosted: HostedIssuer };

export interface Issuers {
  /** Finds the issuer that an address names, as it is now: the database is asked at each call, the engine kept in memory. */
  find(issuerName: string): Promise<IssuerLookup>;
  /**
   * The engine of an issuer whose sessions have ended, to tell their apps: of one that is suspended, deleted or released too, for as long as the
   * account's keys are there. Undefined where there is no such account.
   */
  findForLogout(issuerName: string, accountId: string): Promise<Pick<HostedIssuer, 'provider' | 'account'> | undefined>;
}

interface IssuersDeps extends EngineDeps {
  readonly publicUrl: string;
}

interface PooledIssuer extends Omit<HostedIssuer, 'account'> {
  readonly revision: number;
  /** Milliseconds of `Date.now()`: time alone changes which key signs. */
  readonly freshUntil: number;
}

/** About 70 KB each once used: some 70 MB at most. */
const pooledIssuers = 1000;

/** The pool of engines, bounded: the least recently used issuer is built anew when it is asked for again. */
export function createIssuers(deps: IssuersDeps): Issuers {
  const pool = new LRUCache<string, Promise<PooledIssuer | undefined>>({ max: pooledIssuers });

  const load = (issuerName: string): Promise<PooledIssuer | undefined> => {
    const building = findAndBuild(deps, issuerName).then(
      (pooled) => {
        if (pooled === undefined) pool.delete(issuerName);
        return pooled;
      },
      (error: unknown) => {
        pool.delete(issuerName);
        throw error;
      },
    );
    pool.set(issuerName, building);
    return building;
  };

  const find = async (issuerName: string): Promise<IssuerLookup> => {
    const known = pool.get(issuerName) ?? load(issuerName);
    let pooled = await known;
    if (pooled === undefined) return { found: 'nothing' };
    const account = await deps.liveState.read('account', pooled.accountId);
    if (account === undefined) return { found: 'nothing' };
    if (account.revision !== pooled.revision || pooled.freshUntil < Date.now()) {
      // Somebody else may have begun to build it anew while we asked.
      const newer = pool.get(issuerName);
      pooled = await (newer === undefined || newer === known ? load(issuerName) : newer);
      if (pooled === undefined) return { found: 'nothing' };
    }
    return { found: account.active ? 'issuer' : 'suspended', hosted: { ...pooled, account } };
  };

  return {
    find,
    findForLogout: async (issuerName, accountId) => {
      const lookup = await find(issuerName);
      if (lookup.found !== 'nothing') return lookup.hosted;
      const account = await deps.liveState.read('account', accountId);
      if (account === undefined) return undefined;
      const { revision } = account;
      return { ...(await build(deps, issuerName, { accountId, revision, currentAlias: issuerName })), account };
    },
  };
}

async function findAndBuild(deps: IssuersDeps, issuerName: string): Promise<PooledIssuer | undefined> {
  const row = await findIssuer(deps.db, issuerName);
  return row === undefined ? undefined : await build(deps, issuerName, row);
}

async function build(
  deps: IssuersDeps,
  issuerName: string,
  row: Pick<IssuerRow, 'accountId' | 'revision' | 'currentAlias'>,
): Promise<PooledIssuer> {
  const { keys, freshForSeconds } = await loadIssuerKeys(deps, row.accountId);
  const settings = await loadLogonSettings(deps.db, row.accountId);
  const issuer = issuerUrl(deps, issuerName);
  const documents: FixedDocuments = new Map();
  const provider = createIssuerProvider(deps, {
    issuer,
    issuerName,
    accountId: row.accountId,
    currentAlias: row.currentAlias,
    keys,
    sessionSeconds: settings.securityPreferences.loginSessionDuration * 3600,
    settings,
  });
  provider.use(keepDocuments(documents));
  const brand = pageBrand(row.currentAlias, settings.branding);
  provider.use((ctx, next) => {
    brandPages(ctx, brand);
    return next();
  });
  return {
    issuer,
    issuerName,
    accountId: row.accountId,
    currentAlias: row.currentAlias,
    provider,
    handle: provider.callback(),
    documents,
    settings,
    revision: row.revision,
    freshUntil: Date.now() + freshForSeconds * 1000,
  };
}
