import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type KeyRing, newKeyRingEntry, parseKeyRing } from '../../../../src/crypto/key-ring.ts';
import {
  type ChallengePurpose,
  type FreshChallenge,
  newChallenge,
  readChallenge,
  spendChallenge,
} from '../../../../src/domain/mfa/webauthn/challenge.ts';
import { ephemeralEntries } from '../../../../src/storage/db/schema/ephemeral.ts';
import { type Harness, openHarness } from '../../operation-harness.ts';

function ringOf(...entries: readonly string[]): KeyRing {
  const parsed = parseKeyRing(entries.join(','));
  if (!('ring' in parsed)) throw new Error(parsed.faults.join());
  return parsed.ring;
}

const [older, newer] = [newKeyRingEntry('older'), newKeyRingEntry('newer')];
const keyRing = ringOf(older);
const purpose: ChallengePurpose = { ceremony: 'second-factor', boundTo: 'acme:uid-1' };

/** A challenge made so many seconds ago; in times to come if negative. */
function challengeOf(ageSeconds: number, made: ChallengePurpose = purpose): string {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - ageSeconds * 1000 });
  const challenge = newChallenge(keyRing, made);
  vi.useRealTimers();
  return challenge;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a challenge', () => {
  it('is read for what it was made for, and tells for how long it is still good', () => {
    const challenge = newChallenge(keyRing, purpose);
    const fresh = readChallenge(keyRing, purpose, challenge);
    expect(fresh?.challenge).toBe(challenge);
    expect(fresh?.remainingSeconds).toBeGreaterThan(595);
    expect(fresh?.remainingSeconds).toBeLessThanOrEqual(600);
  });

  it('is different each time, by 128 bits at least', () => {
    const challenges = Array.from({ length: 200 }, () => newChallenge(keyRing, purpose));
    const randomParts = challenges.map((one) => Buffer.from(one, 'base64url').subarray(0, 16).toString('hex'));
    expect(new Set(randomParts).size).toBe(200);
    // Each of the 16 bytes varies.
    for (let at = 0; at < 32; at += 2)
      expect(new Set(randomParts.map((one) => one.slice(at, at + 2))).size > 50).toBe(true);
  });

  it.each<[string, ChallengePurpose]>([
    ['another ceremony', { ...purpose, ceremony: 'confirm' }],
    ['a logon with a passkey', { ...purpose, ceremony: 'logon' }],
    ['another logon', { ...purpose, boundTo: 'acme:uid-2' }],
    ['another issuer', { ...purpose, boundTo: 'beta:uid-1' }],
    ['a purpose that reads the same when joined', { ...purpose, boundTo: 'acme:uid-1"' }],
  ])('is nothing for %s', (_what, other) => {
    const challenge = newChallenge(keyRing, purpose);
    expect(readChallenge(keyRing, other, challenge)).toBeUndefined();
    expect(readChallenge(keyRing, purpose, challenge)).toBeDefined();
  });

  it.each(['second-factor', 'register', 'confirm'] as const)('for %s is good for ten minutes', (ceremony) => {
    const made = { ...purpose, ceremony };
    expect(readChallenge(keyRing, made, challengeOf(590, made))).toBeDefined();
    expect(readChallenge(keyRing, made, challengeOf(601, made))).toBeUndefined();
  });

  it('for a logon is good for an hour, since its page may lie open', () => {
    const made = { ...purpose, ceremony: 'logon' } as const;
    expect(readChallenge(keyRing, made, challengeOf(3590, made))).toBeDefined();
    expect(readChallenge(keyRing, made, challengeOf(3601, made))).toBeUndefined();
  });

  it('of a process whose clock is a little fast is good, of times to come is not', () => {
    expect(readChallenge(keyRing, purpose, challengeOf(-30))).toBeDefined();
    expect(readChallenge(keyRing, purpose, challengeOf(-120))).toBeUndefined();
  });

  it('made under an older key of the ring is good until that key leaves it', () => {
    const challenge = newChallenge(keyRing, purpose);
    expect(readChallenge(ringOf(newer, older), purpose, challenge)).toBeDefined();
    expect(readChallenge(ringOf(newer), purpose, challenge)).toBeUndefined();
    const later = newChallenge(ringOf(newer, older), purpose);
    expect(readChallenge(ringOf(newer), purpose, later)).toBeDefined();
  });

  it('with any bit changed is nothing', () => {
    const bytes = Buffer.from(newChallenge(keyRing, purpose), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(readChallenge(keyRing, purpose, changed.toString('base64url'))).toBeUndefined();
    }
  });

  it.each([
    ['nothing', () => ''],
    ['something short', () => 'AAAA'],
    ['padding', (good: string) => `${good}=`],
    ['something in front', (good: string) => `A${good}`],
    ['other letters of Base64', (good: string) => `+${good.slice(1)}`],
    ['a space, which decoding would pass over', (good: string) => `${good.slice(0, 10)} ${good.slice(10)}`],
    ['other bytes', () => Buffer.alloc(54).toString('base64url')],
  ])('with %s is nothing', (_what, spoil) => {
    expect(readChallenge(keyRing, purpose, spoil(newChallenge(keyRing, purpose)))).toBeUndefined();
  });
});

describe('using a challenge up', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  const fresh = (): FreshChallenge => {
    const read = readChallenge(keyRing, purpose, newChallenge(keyRing, purpose));
    if (read === undefined) throw new Error('not fresh');
    return read;
  };

  it('is done by one of twenty at once, and by nobody afterwards', async () => {
    const challenge = fresh();
    const spent = await Promise.all(
      Array.from({ length: 20 }, () => spendChallenge(harness.deps.ephemeral, challenge)),
    );
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await spendChallenge(harness.deps.ephemeral, challenge)).toBe(false);
    expect(await spendChallenge(harness.deps.ephemeral, fresh())).toBe(true);
  });

  it('is remembered for longer than any process takes it for fresh, and without telling it', async () => {
    await harness.deps.db.delete(ephemeralEntries);
    const challenge = fresh();
    await spendChallenge(harness.deps.ephemeral, challenge);
    const [entry, ...others] = await harness.deps.db.select().from(ephemeralEntries);
    expect(others).toEqual([]);
    expect(JSON.stringify(entry)).not.toContain(challenge.challenge);
    const keptSeconds = ((entry?.expiresAt?.getTime() ?? 0) - Date.now()) / 1000;
    expect(keptSeconds).toBeGreaterThan(challenge.remainingSeconds + 60);
  });
});
