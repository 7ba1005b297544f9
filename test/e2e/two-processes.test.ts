import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { walkThroughLogon } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import type { TestAccount } from '../support/test-account.ts';

describeWithPostgres('two processes sharing Postgres and Redis', () => {
  let pair: ServerPair;
  let account: TestAccount;
  let app: RelyingParty;
  beforeAll(async () => {
    pair = await startServerPair();
    account = await pair.account();
    app = await connectRelyingParty(account);
  });
  afterAll(async () => {
    await app.close();
    await pair.close();
  });

  it('a logon whose every request goes to the other process than the one before ends well', async () => {
    const user = await account.createUser({ resetRequired: true, mfaRequired: true });
    const before = pair.counts();
    const { claims, course } = await app.signIn(createHttpBrowser(), { ...user, newPassword: `${user.password}!` });
    expect(claims.sub).toBe(user.userId);
    expect(course.steps).toEqual(['password', 'reset', 'bind', 'recovery-codes']);
    const after = pair.counts();
    expect(Math.abs(after[0] - after[1])).toBeLessThanOrEqual(1);
    expect(after[0] - before[0]).toBeGreaterThan(4);
  });
});
