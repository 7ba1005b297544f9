import { generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';
import { open, seal, type SealedPlace } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { newPrefixedId } from '../../crypto/random-ids.ts';
import type { Database } from '../../storage/db/database.ts';
import { touchAccount } from '../accounts/accounts-store.ts';
import { insertSigningKey, listPublishedSigningKeys } from './signing-keys-store.ts';

export type SigningAlgorithm = 'ES256' | 'RS256';

const generate = promisify(generateKeyPair);

/**
 * From when on a published key may sign, in seconds: by then whoever keeps a copy of the published keys has looked again. Processes look at each
 * request; an hour is what clients wait that do not look at once for a key they do not know (mod_auth_openidc's interval).
 */
export const signingLeadSeconds = 3600;

const sealedPlace = (accountId: string, kid: string): SealedPlace => ({
  accountId,
  row: kid,
  column: 'signing_keys.private_jwk_sealed',
});

/** A key that an issuer publishes. */
export interface PublishedSigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateJwk: JsonWebKey;
}

/** A freshly generated pair, not yet stored. */
export interface NewSigningKey {
  readonly alg: SigningAlgorithm;
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
}

/** Generates a pair on the thread pool: ES256 about a millisecond, RS256 (2048 bits) some hundred. */
export async function generateSigningKey(alg: SigningAlgorithm): Promise<NewSigningKey> {
  const pair =
    alg === 'ES256' ? await generate('ec', { namedCurve: 'P-256' }) : await generate('rsa', { modulusLength: 2048 });
  return {
    alg,
    privateJwk: pair.privateKey.export({ format: 'jwk' }),
    publicJwk: pair.publicKey.export({ format: 'jwk' }),
  };
}

/**
 * Stores a key, published at once. It signs only after `signsInSeconds`, by when every process and every client's `jwks` cache can
 * know it; 0 is for an account's first keys, which nobody can have cached. Every process takes a new look at the account.
 */
export async function addSigningKey(
  { db, keyRing }: { db: Database; keyRing: KeyRing },
  accountId: string,
  key: NewSigningKey,
  signsInSeconds: number,
): Promise<string> {
  const kid = newPrefixedId('sig');
  const privateJwkSealed = seal(keyRing, JSON.stringify(key.privateJwk), sealedPlace(accountId, kid));
  await insertSigningKey(
    db,
    { kid, accountId, alg: key.alg, publicJwk: { ...key.publicJwk }, privateJwkSealed },
    signsInSeconds,
  );
  await touchAccount(db, accountId);
  return kid;
}

/** What a retired key signed with is destroyed: its row alone stays, to say that it was there. */
export const sealNothing = (keyRing: KeyRing, accountId: string, kid: string): string =>
  seal(keyRing, '{}', sealedPlace(accountId, kid));

/** For each algorithm the key that signs, if one does, comes before the others; `rows` come oldest first. */
export const signersFirst = <Row extends { readonly signsNow: boolean }>(rows: readonly Row[]): Row[] =>
  [...rows].reverse().sort((left, right) => Number(right.signsNow) - Number(left.signsNow));

/** The keys an issuer publishes now: for each algorithm the newest that may sign first, the others only verify. */
export interface IssuerKeys {
  readonly keys: readonly PublishedSigningKey[];
  /** After this many seconds time alone changes the answer (a waiting key begins to sign, a retiring one ends). */
  readonly freshForSeconds: number;
}

const oneDay = 86_400;

/** Loads and opens an account's keys, signers first. */
export async function loadIssuerKeys(
  { db, keyRing }: { db: Database; keyRing: KeyRing },
  accountId: string,
): Promise<IssuerKeys> {
  const rows = await listPublishedSigningKeys(db, accountId);
  const keys = signersFirst(rows).map(({ kid, alg, privateJwkSealed }) => ({
    kid,
    alg,
    privateJwk: JSON.parse(open(keyRing, privateJwkSealed, sealedPlace(accountId, kid))) as JsonWebKey,
  }));
  const changes = rows.flatMap(({ changesInSeconds }) => (changesInSeconds === null ? [] : [changesInSeconds]));
  return { keys, freshForSeconds: Math.max(1, Math.min(oneDay, ...changes)) };
}
