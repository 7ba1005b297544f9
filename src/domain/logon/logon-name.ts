/** What a typed logon name says: the user's own name, and the account's if it was typed with one. */
export interface LogonName {
  readonly userName: string;
  /** What stands behind the `@`, lower case, without the deployment's domain. */
  readonly accountName: string | undefined;
}

const longestLogonName = 128;

/** No name has one, and a database refuses to be asked for NUL. */
const controlCharacter = /\p{Cc}/u;

/**
 * Reads the three forms of product.md: `user`, `user@alias`, `user@alias.<LOGON_DOMAIN>`; spaces around are forgiven. Undefined for
 * what can be nobody's name (RAM: UPN of at most 128 characters).
 */
export function parseLogonName(typed: string, logonDomain: string): LogonName | undefined {
  const text = typed.trim();
  if (controlCharacter.test(text)) return undefined;
  const [userName, domain, ...rest] = text.split('@');
  if (userName === undefined || userName === '' || rest.length > 0 || text.length > longestLogonName) return undefined;
  if (domain === undefined) return { userName, accountName: undefined };
  const lowerDomain = domain.toLowerCase();
  const suffix = `.${logonDomain.toLowerCase()}`;
  const accountName = lowerDomain.endsWith(suffix) ? lowerDomain.slice(0, -suffix.length) : lowerDomain;
  return accountName === '' ? undefined : { userName, accountName };
}

/** The logon name (UPN) in full. */
export const userPrincipalName = (userName: string, alias: string, logonDomain: string): string =>
  `${userName}@${alias}.${logonDomain}`;

/** What an account is called in logon names. */
export interface AccountNames {
  readonly accountId: string;
  readonly currentAlias: string;
  /** The alias or account id of the address that the logon is at. */
  readonly issuerName: string;
}

/** Whether a name typed behind the `@`, or none at all, means this account. */
export const isNameOf = (
  { accountId, currentAlias, issuerName }: AccountNames,
  accountName: string | undefined,
): boolean => accountName === undefined || [accountId, currentAlias, issuerName].includes(accountName);
