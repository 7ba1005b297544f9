import { newPrefixedId } from '../../crypto/random-ids.ts';
import { hashToken, newToken } from '../../crypto/tokens.ts';
import type { Database } from '../../storage/db/database.ts';
import type { Application, ApplicationSecret } from './applications-store.ts';
import { insertApplicationSecret } from './applications-store.ts';

/** `psec_` and 256 random bits; the prefix lets secret scanners tell what they found. */
const newClientSecret = (): string => `psec_${newToken()}`;

export interface NewApplicationSecret {
  readonly secret: ApplicationSecret;
  /** Shown once: only its SHA-256 is stored, over the whole value with its prefix. */
  readonly clientSecret: string;
}

/** Makes a secret for an application. Its revision must rise in the same transaction (a new row counts). */
export async function addSecret(
  tx: Database,
  { accountId, clientId }: Pick<Application, 'accountId' | 'clientId'>,
): Promise<NewApplicationSecret> {
  const clientSecret = newClientSecret();
  const row = { secretId: newPrefixedId('sec'), accountId, clientId, secretHash: hashToken(clientSecret) };
  const secret = await insertApplicationSecret(tx, row);
  if (secret === undefined) throw new Error('inserting a secret answered no row');
  return { secret, clientSecret };
}
