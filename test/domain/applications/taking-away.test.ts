import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApplication } from '../../../src/domain/applications/create-application.ts';
import { updateApplication } from '../../../src/domain/applications/update-application.ts';
import { createLiveState } from '../../../src/domain/live-state/live-state.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { type Harness, newAccount, openHarness, type TestAccount } from '../operation-harness.ts';

const settings = {
  displayName: 'App',
  type: 'web',
  firstParty: true,
  apiAccess: 'full',
  redirectUris: ['https://one.example.com/', 'https://two.example.com/'],
};

describe('what an application was issued', () => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openHarness();
    account = await newAccount(harness);
  });
  afterAll(() => harness.close());

  /** How far the epoch rises by these changes; everything issued before carries the former one. */
  async function riseBy(changes: Record<string, unknown>, before: Record<string, unknown> = {}): Promise<number> {
    const { db } = harness.deps;
    const { application } = await performOperation(harness.deps, account.admin, createApplication, {
      ...settings,
      ...before,
    });
    const { clientId } = application;
    const epoch = async () => (await createLiveState(db).read('application', clientId))?.epoch ?? Number.NaN;
    const epochBefore = await epoch();
    await performOperation(harness.deps, account.admin, updateApplication, { clientId, changes });
    return (await epoch()) - epochBefore;
  }

  test.each<[string, Record<string, unknown>]>([
    ['a redirect address is removed', { redirectUris: ['https://one.example.com/'] }],
    ['one is replaced', { redirectUris: ['https://one.example.com/', 'https://three.example.com/'] }],
    ['API access becomes read', { apiAccess: 'read' }],
    ['API access ends', { apiAccess: 'none' }],
    ['it is no first party any more', { firstParty: false }],
    ['a second factor is required', { requiredAcr: 'urn:postern:acr:mfa' }],
  ])('ends when %s', async (_what, changes) => {
    expect(await riseBy(changes)).toBe(1);
  });

  test('ends when the level of logon rises, and goes on when it falls', async () => {
    const rise = async (before: string | null, after: string | null): Promise<number> =>
      await riseBy({ requiredAcr: after }, { requiredAcr: before });
    expect(await rise('urn:postern:acr:mfa', 'urn:postern:acr:phr')).toBe(1);
    expect(await rise('urn:postern:acr:phr', 'urn:postern:acr:mfa')).toBe(0);
    expect(await rise('urn:postern:acr:phr', null)).toBe(0);
    expect(await rise('urn:postern:acr:mfa', 'urn:postern:acr:mfa')).toBe(0);
  });

  test.each<[string, Record<string, unknown>]>([
    ['an address is added', { redirectUris: [...settings.redirectUris, 'https://three.example.com/'] }],
    ['addresses change their order', { redirectUris: settings.redirectUris.toReversed() }],
    ['everything stays', { firstParty: true, apiAccess: 'full' }],
    ['its name changes', { displayName: 'Another' }],
    ['its refresh tokens get a grace', { refreshTokenGraceSeconds: 30 }],
  ])('goes on when %s', async (_what, changes) => {
    expect(await riseBy(changes)).toBe(0);
  });
});
