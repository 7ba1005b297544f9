import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { ExternalSigningKey } from 'oidc-provider';
import type { PublishedSigningKey } from '../../domain/signing-keys/signing-keys.ts';

/**
 * A key of the account that signs on the spot. The engine's own way goes through the thread pool, where signatures would wait behind
 * password hashes, and costs more than the signature itself (ES256).
 */
export class LocalSigningKey extends ExternalSigningKey {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #published: PublishedSigningKey;

  constructor(published: PublishedSigningKey) {
    super();
    this.#published = published;
    this.#privateKey = createPrivateKey({ key: published.privateJwk, format: 'jwk' });
    this.#publicKey = createPublicKey(this.#privateKey);
  }

  override get kid(): string {
    return this.#published.kid;
  }

  override get alg(): string {
    return this.#published.alg;
  }

  /** The engine publishes what it finds here. */
  override keyObject(): KeyObject {
    return this.#publicKey;
  }

  /** RFC 7518: ES256 signatures are R and S side by side (section 3.4), RS256 is PKCS #1 v1.5 (section 3.3). */
  override sign(data: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(sign('sha256', data, { key: this.#privateKey, dsaEncoding: 'ieee-p1363' }));
  }
}
