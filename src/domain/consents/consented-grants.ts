import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { issuedKey } from '../sessions/session-records.ts';
import type { ConsentReference } from './consents-store.ts';

/** A grant of the engine that rests on a user's consent. Every code and token made under it looks at it before it is taken. */
interface ConsentedGrant {
  readonly issuerName: string;
  readonly grantId: string;
  readonly ttlSeconds: number;
}

/** A new set every 30 days, so that the set of a user who signs in to an app every day does not grow for ever. */
const periodSeconds = 30 * 86_400;

/** The longest that a grant can last: a refresh token's year, and the session before it. */
const longestGrantSeconds = 367 * 86_400;

const indexKey = ({ accountId, userId, clientId }: ConsentReference, period: number): string =>
  `grants:${accountId}:${userId}:${clientId}:${period}`;

const periodOf = (seconds: number): number => Math.floor(seconds / periodSeconds);

/** Notes a grant, so that it can be found when the consent is withdrawn. It is called wherever such a grant is saved. */
export async function noteConsentedGrant(
  ephemeral: EphemeralStore,
  consent: ConsentReference,
  { issuerName, grantId, ttlSeconds }: ConsentedGrant,
): Promise<void> {
  const key = indexKey(consent, periodOf(Date.now() / 1000));
  await ephemeral.addToIndex(key, issuedKey(issuerName, 'Grant', grantId), ttlSeconds);
}

/** Ends every grant that rests on a consent, whatever alias it was given at; what hangs on them ends with them, on every process. */
export async function endConsentedGrants(ephemeral: EphemeralStore, consent: ConsentReference): Promise<void> {
  const now = Date.now() / 1000;
  // A process whose clock runs ahead may have begun the next period's.
  const [first, last] = [periodOf(now - longestGrantSeconds), periodOf(now) + 1];
  const keys = Array.from({ length: last - first + 1 }, (_, index) => indexKey(consent, first + index));
  await Promise.all(keys.map((key) => endGrantsOf(ephemeral, key)));
}

async function endGrantsOf(ephemeral: EphemeralStore, key: string): Promise<void> {
  for (const grantKey of await ephemeral.listIndex(key)) {
    await ephemeral.delete(grantKey);
    await ephemeral.removeFromIndex(key, grantKey);
  }
}
