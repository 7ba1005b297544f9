import { Cluster, Redis } from 'ioredis';
import { StoreUnavailableError } from '../store-unavailable-error.ts';
import type { RedisTarget } from './parse-redis-url.ts';
import { redisScripts, type ScriptedCommands } from './redis-scripts.ts';

export type RedisClient = (Redis | Cluster) & ScriptedCommands;

const connectTimeoutMs = 2_000;
/** Longest time one command may take, waiting for the connection included. */
const commandTimeoutMs = 2_000;
const reconnectDelayMs = 200;

/** Replies that say "not now", as opposed to "not so". */
const outageReply =
  /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|READONLY|NOREPLICAS|MISCONF|OOM|TRYAGAIN|MOVED|ASK|UNKILLABLE)\b/;

/** Connects at once and goes on trying for ever; commands meanwhile are refused rather than kept. */
export function connectRedis(target: RedisTarget, keyPrefix: string): RedisClient {
  const client = createClient(target, keyPrefix);
  // Each command reports its own failure; without a listener the client would print to the console.
  client.on('error', () => undefined);
  // While there is no connection every waiting command listens for one.
  client.setMaxListeners(0);
  return client as RedisClient;
}

function createClient(target: RedisTarget, keyPrefix: string): Redis | Cluster {
  const { username, password } = target;
  const credentials = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const options = { ...credentials, ...(target.tls ? { tls: {} } : {}), ...limits };
  const common = {
    keyPrefix,
    enableAutoPipelining: true,
    // These are rounds of reads already (see redis-reads.ts): they need not wait for another.
    autoPipeliningIgnoredCommands: ['mget'],
    enableOfflineQueue: false,
    scripts: redisScripts,
  };
  if (target.kind === 'single')
    return new Redis({ ...options, ...common, ...target.node, db: target.db, retryStrategy });
  if (target.kind === 'sentinel')
    return new Redis({ ...options, ...common, ...sentinelOptions(target), retryStrategy });
  return new Cluster([...target.nodes], {
    ...common,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshTimeout: connectTimeoutMs,
    // A node's name must stay as it is for the certificate to match.
    ...(target.tls ? { dnsLookup: (address: string, done: Done) => done(null, address) } : {}),
    redisOptions: options,
  });
}

type Done = (error: null, address: string) => void;

const limits = {
  connectTimeout: connectTimeoutMs,
  // A Redis that hangs: the connection goes, and with it all that waits on it.
  socketTimeout: commandTimeoutMs,
  // A command whose answer was lost may have been carried out: it is reported, never sent a second time.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
};

function sentinelOptions(target: Extract<RedisTarget, { kind: 'sentinel' }>) {
  const { username, password } = target.sentinelCredentials;
  return {
    sentinels: [...target.sentinels],
    name: target.masterName,
    db: target.db,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    sentinelRetryStrategy: retryStrategy,
  };
}

function retryStrategy(): number {
  return reconnectDelayMs;
}

/**
 * Runs one command. Errors: StoreUnavailableError when Redis cannot be reached, cannot serve now or does not answer in time;
 * what Redis refuses for another reason as it is, without the command's values.
 */
export function runCommand<T>(client: RedisClient, command: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const expired = { yes: false };
    const fail = (error: unknown) => {
      clearTimeout(timer);
      expired.yes = true;
      reject(toStoreError(error) as Error);
    };
    const timer = setTimeout(() => fail(new Error('no answer in time')), commandTimeoutMs);
    const answer =
      client.status === 'ready' ? command() : whenReady(client).then(() => sendUnlessLate(expired, command));
    answer.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, fail);
  });
}

/** A command whose caller was told that it failed must not be sent after all. */
function sendUnlessLate<T>(expired: { readonly yes: boolean }, command: () => Promise<T>): Promise<T> {
  return expired.yes ? Promise.reject(new Error('too late')) : command();
}

function whenReady(client: RedisClient): Promise<void> {
  if (client.status === 'end') return Promise.reject(new Error('the connection was closed'));
  return new Promise((resolve) => {
    const settle = () => {
      client.off('ready', settle);
      client.off('error', settle);
      client.off('close', settle);
      resolve();
    };
    client.once('ready', settle);
    client.once('error', settle);
    client.once('close', settle);
  });
}

function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // ioredis attaches the command with all its arguments, and errors end in logs.
  Reflect.deleteProperty(error, 'command');
  const refused = error.name === 'ReplyError' && !outageReply.test(error.message);
  return refused ? error : new StoreUnavailableError('ephemeral', error);
}
