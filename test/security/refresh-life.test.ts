import { eq } from 'drizzle-orm';
import * as oidc from 'openid-client';
import { expect, it } from 'vitest';
import { applications } from '../../src/storage/db/schema/applications.ts';
import { describeOverBothStores } from '../e2e/over-both-stores.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { connectRelyingParty } from '../support/relying-party.ts';

describeOverBothStores('the life of a family of refresh tokens', (server) => {
  it('ends when an administrator has shortened it below its age; rotating quickly does not keep it alive', async () => {
    const account = await server().account();
    const app = await connectRelyingParty(account);
    const { tokens } = await app.signIn(createHttpBrowser(), await account.createUser());
    const rotated = await oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '');
    const { clientId } = app.application;
    await server()
      .backend.db.update(applications)
      .set({ refreshTokenTtlSeconds: 0 })
      .where(eq(applications.clientId, clientId));
    const attempt = oidc.refreshTokenGrant(app.configuration, rotated.refresh_token ?? '');
    await expect(attempt).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.refreshTokenGrant(app.configuration, rotated.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await app.close();
  });
});
