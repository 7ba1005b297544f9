export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export type DatabaseSetting =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string };

export type EncryptionKeysSetting =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'file'; readonly value: string }
  | { readonly kind: 'embedded'; readonly file: string };

/** Everything an operator can set, checked. Frozen: no part of the process changes it after the start. */
export interface Config {
  /** An origin without a trailing slash: every address that leaves the server is built from it, never from a request. */
  readonly publicUrl: string;
  readonly isHttps: boolean;
  readonly bindAddress: string;
  readonly port: number;
  readonly managementAddress: string;
  readonly managementPort: number;
  /** Durable data in PGlite under `dataDir`. */
  readonly embedded: boolean;
  readonly database: DatabaseSetting;
  /** Absent: short-lived data lives in the database too. */
  readonly redisUrl?: string;
  readonly dataDir: string;
  readonly encryptionKeys: EncryptionKeysSetting;
  readonly logonDomain: string;
  /** A file of hashes of breached passwords, which nobody may choose. Absent: they are not looked up. */
  readonly breachedPasswordsFile?: string;
  /** Addresses and CIDR blocks whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[];
  /** Private networks that outgoing calls may reach. */
  readonly outboundAllowedNetworks: readonly string[];
  /** Requests to the management API that each caller has a minute. */
  readonly apiRequestsPerMinute: number;
  readonly logLevel: LogLevel;
}
