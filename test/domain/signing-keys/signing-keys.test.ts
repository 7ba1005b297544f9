import { createPrivateKey } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newAccountId } from '../../../src/crypto/random-ids.ts';
import { insertAccount } from '../../../src/domain/accounts/accounts-store.ts';
import {
  addSigningKey,
  generateSigningKey,
  loadIssuerKeys,
  type SigningAlgorithm,
} from '../../../src/domain/signing-keys/signing-keys.ts';
import { signingKeys } from '../../../src/storage/db/schema/signing-keys.ts';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { connectRelyingParty } from '../../support/relying-party.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
});
afterAll(() => server.close());

async function newKeyless(): Promise<string> {
  const accountId = newAccountId();
  await insertAccount(server.backend.db, { accountId, isPlatform: false });
  return accountId;
}
const add = async (accountId: string, signsInSeconds: number, alg: SigningAlgorithm = 'ES256') =>
  addSigningKey(server.backend, accountId, await generateSigningKey(alg), signsInSeconds);
const kidsOf = async (accountId: string) =>
  (await loadIssuerKeys(server.backend, accountId)).keys.map(({ kid }) => kid);

describe('the keys of an account', () => {
  it('a waiting key is published behind the one that signs, and comes first when its time has come', async () => {
    const accountId = await newKeyless();
    const old = await add(accountId, 0);
    const waiting = await add(accountId, 3600);
    expect(await kidsOf(accountId)).toEqual([old, waiting]);
    await server.backend.db.update(signingKeys).set({ signsFrom: sql`now()` }).where(eq(signingKeys.kid, waiting));
    expect(await kidsOf(accountId)).toEqual([waiting, old]);
  });

  it('says when time alone will change them', async () => {
    const accountId = await newKeyless();
    await add(accountId, 0);
    expect((await loadIssuerKeys(server.backend, accountId)).freshForSeconds).toBe(86_400);
    await add(accountId, 120);
    const { freshForSeconds } = await loadIssuerKeys(server.backend, accountId);
    expect(freshForSeconds).toBeGreaterThan(100);
    expect(freshForSeconds).toBeLessThanOrEqual(120);
  });

  it('a retired key is gone when its time is over, and not before', async () => {
    const accountId = await newKeyless();
    const [old, fresh] = [await add(accountId, 0), await add(accountId, 0)];
    const retire = (seconds: number) =>
      server.backend.db
        .update(signingKeys)
        .set({ retiresAt: sql`now() + make_interval(secs => ${seconds})` })
        .where(eq(signingKeys.kid, old));
    await retire(60);
    expect(await kidsOf(accountId)).toContain(old);
    await retire(-1);
    expect(await kidsOf(accountId)).toEqual([fresh]);
  });

  it('are its own: never those of another account, nor readable in the database', async () => {
    const [mine, theirs] = [await newKeyless(), await newKeyless()];
    const kid = await add(mine, 0);
    expect(await kidsOf(theirs)).toEqual([]);
    const [row] = await server.backend.db.select().from(signingKeys).where(eq(signingKeys.kid, kid));
    const { keys } = await loadIssuerKeys(server.backend, mine);
    expect(JSON.stringify(row)).not.toContain(String(keys[0]?.privateJwk['d']));
    await server.backend.db.update(signingKeys).set({ accountId: theirs }).where(eq(signingKeys.kid, kid));
    await expect(loadIssuerKeys(server.backend, theirs)).rejects.toThrow();
  });

  it.each(['ES256', 'RS256'] as const)('%s keys are whole', async (alg) => {
    const { privateJwk, publicJwk } = await generateSigningKey(alg);
    expect(createPrivateKey({ key: privateJwk, format: 'jwk' }).asymmetricKeyType).toBe(alg === 'ES256' ? 'ec' : 'rsa');
    expect(publicJwk).not.toHaveProperty('d');
  });
});

describe('an issuer whose keys change', () => {
  it('publishes a waiting key with the next request, signs with the old one, and later with the new one', async () => {
    const account = await server.account();
    const user = await account.createUser();
    const app = await connectRelyingParty(account);
    const publishedKids = async () => {
      const { keys } = (await (await fetch(`${account.issuer}/oauth2/jwks`)).json()) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    };
    const signer = async () =>
      decodeProtectedHeader((await app.signIn(createHttpBrowser(), user)).tokens.id_token ?? '').kid;
    const before = await signer();
    expect(await publishedKids()).toHaveLength(2);

    const waiting = await add(account.accountId, 3600);
    expect(await publishedKids()).toContain(waiting);
    expect(await signer()).toBe(before);

    const next = await add(account.accountId, 0);
    expect(await signer()).toBe(next);
    expect(await publishedKids()).toEqual(expect.arrayContaining([before, waiting, next]));
    await app.close();
  });
});
