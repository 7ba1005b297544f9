import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLiveState, type LivePrincipal, type LiveState } from '../../../src/domain/live-state/live-state.ts';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { openSqlEphemeralStore } from '../../../src/storage/ephemeral/sql.ts';
import { createAdapter } from '../../../src/web/oidc/adapter.ts';
import { type ArtefactHints, createArtefactHints, hintOf } from '../../../src/web/oidc/artefact-hints.ts';
import { artefactKey } from '../../../src/web/oidc/artefact-store.ts';
import { readAheadOfRequest } from '../../../src/web/oidc/read-ahead.ts';
import { type ReadAhead, requestState, withRequestState } from '../../../src/web/oidc/request-state.ts';
import { newAccount, openHarness, type Harness } from '../../domain/operation-harness.ts';

const issuerName = 'acme';
const rawToken = 'a'.repeat(43);
const tokenKey = artefactKey({ issuerName }, 'AccessToken', rawToken);
const nobodysGrant = { grantId: 'no-such-grant', sessionUid: 'no-such-session', userId: '1', clientId: 'app_none' };

describe('what a request is guessed to need', () => {
  let harness: Harness;
  let ephemeral: EphemeralStore;
  let liveState: LiveState;
  let account: LivePrincipal;
  let userId: string;

  beforeAll(async () => {
    harness = await openHarness();
    const { db } = harness.deps;
    ephemeral = openSqlEphemeralStore({ db });
    liveState = createLiveState(db);
    const { admin } = await newAccount(harness);
    userId = admin.userId;
    const found = await liveState.read('account', admin.accountId);
    if (found === undefined) throw new Error('the account is not there');
    account = found;
  });
  afterAll(() => harness.close());

  const request = (): IncomingMessage =>
    Object.assign(new IncomingMessage(new Socket()), {
      url: `/${issuerName}/oauth2/userinfo`,
      headers: { authorization: `Bearer ${rawToken}` },
    });

  /** Looks for the token as the engine does, in a request that presents it. */
  const findToken = (hints: ArtefactHints, ahead?: ReadAhead) =>
    withRequestState(
      account,
      async () => {
        const { keyRing } = harness.deps;
        const sessionLife = { absoluteSeconds: 3600, idleSeconds: 600 };
        const deps = { ephemeral, liveState, hints, issuerName, keyRing, sessionLife };
        const found = await createAdapter(deps, 'AccessToken', '').find(rawToken);
        return { found, state: requestState() };
      },
      ahead ?? readAheadOfRequest({ ephemeral, liveState, hints }, issuerName, request()),
    );

  const storeToken = async (epochs: readonly [number, number, null]): Promise<void> => {
    const payload = { accountId: userId, grantId: 'grant', kind: 'AccessToken' };
    await ephemeral.set(tokenKey, JSON.stringify({ epochs, payload }), 60);
  };
  const presentEpoch = async (): Promise<number> => (await liveState.read('user', userId))?.epoch ?? Number.NaN;

  it('a wrong guess changes nothing: the token is what its own record says', async () => {
    await storeToken([account.epoch, await presentEpoch(), null]);
    const hints = createArtefactHints();
    hints.set(tokenKey, nobodysGrant);
    const { found, state } = await findToken(hints);
    expect(found).toMatchObject({ accountId: userId, grantId: 'grant', jti: rawToken });
    expect([...state.userEpochs.keys()]).toEqual([userId]);
  });

  it('a guess brings back no token that is gone', async () => {
    await ephemeral.delete(tokenKey);
    const hints = createArtefactHints();
    hints.set(tokenKey, hintOf({ accountId: userId, grantId: 'grant' }));
    expect((await findToken(hints)).found).toBeUndefined();
  });

  it('a guess revives no token of a user to whom something happened', async () => {
    await storeToken([account.epoch, (await presentEpoch()) - 1, null]);
    const hints = createArtefactHints();
    hints.set(tokenKey, hintOf({ accountId: userId, grantId: 'grant' }));
    const { found, state } = await findToken(hints);
    expect(found).toBeUndefined();
    expect(state.userEpochs.size).toBe(0);
  });

  it('once a token was seen, its grant and user are asked for together with it', async () => {
    await storeToken([account.epoch, await presentEpoch(), null]);
    const hints = createArtefactHints();
    const first = readAheadOfRequest({ ephemeral, liveState, hints }, issuerName, request());
    expect([[...first.records.keys()], [...first.principals.keys()]]).toEqual([[tokenKey], []]);
    await findToken(hints, first);
    const second = readAheadOfRequest({ ephemeral, liveState, hints }, issuerName, request());
    expect([...second.records.keys()]).toEqual([tokenKey, artefactKey({ issuerName }, 'Grant', 'grant')]);
    expect([...second.principals.keys()]).toEqual([`user:${userId}`]);
  });
});

describe('what is noted of an artefact', () => {
  it.each([
    ['nothing where it rests on nothing', {}, {}],
    [
      'grant, user and client of a token',
      { grantId: 'g', accountId: 'u', clientId: 'c' },
      { grantId: 'g', userId: 'u', clientId: 'c' },
    ],
    ['the session where the token ends with it', { sessionUid: 's', expiresWithSession: true }, { sessionUid: 's' }],
    ['no session where the token outlives it', { sessionUid: 's', expiresWithSession: false }, {}],
    [
      'app and user of a logon that is finished',
      { params: { client_id: 'c' }, result: { login: { accountId: 'u' } } },
      { userId: 'u', clientId: 'c' },
    ],
    ['nothing that is no text', { grantId: 1, accountId: {}, params: { client_id: ['c'] }, result: 'x' }, {}],
  ])('%s', (_name, payload, noted) => {
    expect(hintOf(payload)).toEqual({
      grantId: undefined,
      sessionUid: undefined,
      userId: undefined,
      clientId: undefined,
      ...noted,
    });
  });
});
