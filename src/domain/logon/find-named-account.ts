import { findIssuer } from '../accounts/accounts-store.ts';
import { isIssuerName } from '../accounts/alias-rules.ts';
import type { Database } from '../../storage/db/database.ts';
import { parseLogonName } from './logon-name.ts';

/** Where somebody logs on who typed their whole logon name. */
export type NamedAccount =
  | { readonly found: 'account'; readonly alias: string; readonly userName: string }
  /** Typed without an account, or no name at all. */
  | { readonly found: 'no-alias' }
  | { readonly found: 'unknown-alias' };

/** Aliases are public (every issuer's address is), so saying that one is unknown tells nothing of users. */
export async function findNamedAccount(
  { db, logonDomain }: { readonly db: Database; readonly logonDomain: string },
  typed: string,
): Promise<NamedAccount> {
  const name = parseLogonName(typed, logonDomain);
  const alias = name?.accountName;
  if (name === undefined || alias === undefined) return { found: 'no-alias' };
  const issuer = isIssuerName(alias) ? await findIssuer(db, alias) : undefined;
  return issuer === undefined ? { found: 'unknown-alias' } : { found: 'account', alias, userName: name.userName };
}
