/** What everybody must know of the deployment to build an address or a name. */
export interface Deployment {
  /** An origin without a trailing slash. */
  readonly publicUrl: string;
  /** What stands behind the alias in a logon name: `user@alias.<logonDomain>`. */
  readonly logonDomain: string;
}

/** The issuer identifier (RFC 8414): what an app is configured with, and every token's `iss`. */
export const issuerUrl = ({ publicUrl }: Pick<Deployment, 'publicUrl'>, issuerName: string): string =>
  `${publicUrl}/${issuerName}`;

/** The resource (RFC 8707) that access tokens for the management API are made for. */
export const managementResource = (issuer: string): string => `${issuer}/api/v1`;
