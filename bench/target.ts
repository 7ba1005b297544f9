/** What a load needs to know of a server: the same for both, so that the same code drives both. */
export interface Target {
  readonly issuer: string;
  /** A first-party app: a confidential client with the code and refresh grants. */
  readonly app: ClientCredentials;
  readonly redirectUri: string;
  readonly scope: string;
  /** A client of the client_credentials grant, and the resource it asks a token for. */
  readonly service: ClientCredentials;
  readonly resource: string;
  /** One thing that the management API tells; undefined where there is none. */
  readonly adminAddress?: string;
  /** One for each worker, so that workers neither share sessions nor count as one person's many tries. */
  readonly users: readonly { readonly name: string; readonly password: string }[];
}

export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

export const benchScope = 'openid profile email groups ram';

/** Where the app's codes go; nothing listens there. */
export const benchRedirectUri = 'http://localhost:9/callback';

export const benchUserNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `worker-${index}`);
