import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('the groups claim', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    user = await account.createUser();
    app = await connectRelyingParty(account);
    for (const groupName of ['b-team', 'A-team']) await account.manage('POST /groups', { groupName });
  });
  afterAll(() => app.close());

  const manage = (...lines: readonly string[]) =>
    lines.reduce<Promise<unknown>>((before, line) => before.then(() => account.manage(line)), Promise.resolve());
  const tokensFor = async (scope: string) => {
    const { tokens, claims } = await app.signIn(createHttpBrowser(), user, { scope });
    const userinfo = () => oidc.fetchUserInfo(app.configuration, tokens.access_token, user.userId);
    return { claims, userinfo };
  };

  it('names the groups of the user, and follows membership, renames and deletion at the next userinfo', async () => {
    const { claims, userinfo } = await tokensFor('openid groups');
    const now = async () => (await userinfo())['groups'];
    expect(claims['groups']).toEqual([]);
    expect(await now()).toEqual([]);
    await manage(`PUT /groups/b-team/users/${user.userName}`, `PUT /groups/A-team/users/${user.userName}`);
    expect(await now()).toEqual(['A-team', 'b-team']);
    await account.manage('PATCH /groups/A-team', { groupName: 'c-team' });
    expect(await now()).toEqual(['b-team', 'c-team']);
    await manage(`DELETE /groups/b-team/users/${user.userName}`);
    expect(await now()).toEqual(['c-team']);
    await manage('DELETE /groups/c-team?cascade=true');
    expect(await now()).toEqual([]);
  });

  it('is there for those alone who asked for the scope', async () => {
    await manage(`PUT /groups/b-team/users/${user.userName}`);
    const { claims, userinfo } = await tokensFor('openid profile');
    expect(claims).not.toHaveProperty('groups');
    expect(await userinfo()).not.toHaveProperty('groups');
  });
});
