import { type SigningAlgorithm, signersFirst } from './signing-keys.ts';
import type { SigningKeyRow } from './signing-keys-store.ts';

/**
 * `next`: published, signs from `signsFrom` on. `current`: signs. `previous`: signs no more, verifies what it signed. `retired`: verifies
 * nothing.
 */
export type SigningKeyStatus = 'next' | 'current' | 'previous' | 'retired';

export interface SigningKeyView {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly status: SigningKeyStatus;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly retiredAt: Date | null;
}

/** An account's keys (given oldest first), newest first. */
export function viewSigningKeys(rows: readonly SigningKeyRow[]): SigningKeyView[] {
  const published = signersFirst(rows.filter(({ isPublished }) => isPublished));
  const current = new Set(
    (['ES256', 'RS256'] as const).map((alg) => published.find((row) => row.alg === alg && row.signsNow)?.kid),
  );
  const statusOf = ({ kid, isPublished, signsNow }: SigningKeyRow): SigningKeyStatus => {
    if (!isPublished) return 'retired';
    if (!signsNow) return 'next';
    return current.has(kid) ? 'current' : 'previous';
  };
  return rows.toReversed().map((row) => ({
    kid: row.kid,
    alg: row.alg,
    status: statusOf(row),
    createdAt: row.createdAt,
    signsFrom: row.signsFrom,
    retiredAt: row.retiresAt,
  }));
}
