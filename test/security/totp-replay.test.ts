import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthenticatorApp, codeAt } from '../support/authenticator-app.ts';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../support/logon-driver.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, type StartedLogon, tryPassword } from './support/logon-start.ts';

interface Owner {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly user: TestUser;
  readonly authenticator: AuthenticatorApp;
  readonly recoveryCodes: readonly string[];
}

/** A user whose authenticator app was bound in a logon of its own. */
async function newOwner(account: TestAccount): Promise<Owner> {
  const [application, user] = [await account.createApplication(), await account.createUser({ mfaRequired: true })];
  const { authenticator, recoveryCodes } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
  if (authenticator === undefined) throw new Error('no app was bound');
  return { account, application, user, authenticator, recoveryCodes };
}

const atSecondFactor = ({ account, application, user }: Owner): Promise<StartedLogon> =>
  tryPassword(account.issuer, application.clientId, user);

const answerAll = (logons: readonly StartedLogon[], fields: Readonly<Record<string, string>>) =>
  Promise.all(logons.map(({ browser, page }) => browser.submit(page, fields)));

async function atSecondFactorTimes(owner: Owner, count: number): Promise<StartedLogon[]> {
  const logons: StartedLogon[] = [];
  for (let at = 0; at < count; at += 1) logons.push(await atSecondFactor(owner));
  return logons;
}

describe('replay of one-time codes', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
  });
  afterAll(() => server.close());

  it('the code that bound the app does not serve the next logon', async () => {
    const owner = await newOwner(account);
    const { browser, page } = await atSecondFactor(owner);
    const replayed = await browser.submit(page, { code: owner.authenticator.lastCode() });
    expect([replayed.status, stepOf(replayed), hasCode(replayed)]).toEqual([401, 'totp', false]);
  });

  it('a code serves once, and so does nothing older than it', async () => {
    const owner = await newOwner(account);
    const [first, second] = await atSecondFactorTimes(owner, 2);
    if (first === undefined || second === undefined) throw new Error('two logons were asked for');
    const code = await owner.authenticator.nextCode();
    expect(hasCode(await first.browser.submit(first.page, { code }))).toBe(true);
    const present = Math.floor(Date.now() / 30_000);
    const older = await Promise.all([present - 2, present - 1].map((step) => codeAt(owner.authenticator.secret, step)));
    for (const spent of [code, ` ${code.slice(0, 3)} ${code.slice(3)} `, ...older]) {
      const again = await second.browser.submit(second.page, { code: spent });
      expect([again.status, hasCode(again)]).toEqual([401, false]);
    }
  });

  it('of logons that present one code at once exactly one goes on', async () => {
    const owner = await newOwner(account);
    const logons = await atSecondFactorTimes(owner, 8);
    const answers = await answerAll(logons, { code: await owner.authenticator.nextCode() });
    expect(answers.filter(hasCode)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
  });

  it('a recovery code serves once, also at once', async () => {
    const owner = await newOwner(account);
    const [recoveryCode = ''] = owner.recoveryCodes;
    const answers = await answerAll(await atSecondFactorTimes(owner, 8), {
      step: 'recovery',
      recovery_code: recoveryCode,
    });
    expect(answers.filter(hasCode)).toHaveLength(1);
    const { browser, page } = await atSecondFactor(owner);
    const again = await browser.submit(page, {
      step: 'recovery',
      recovery_code: recoveryCode.toLowerCase().replaceAll('-', ' '),
    });
    expect([again.status, hasCode(again)]).toEqual([401, false]);
  });

  it('codes and recovery codes of one user are nothing to another', async () => {
    const [owner, thief] = [await newOwner(account), await newOwner(account)];
    const { browser, page } = await atSecondFactor(thief);
    expect(hasCode(await browser.submit(page, { code: await owner.authenticator.nextCode() }))).toBe(false);
    expect(hasCode(await browser.submit(page, { step: 'recovery', recovery_code: owner.recoveryCodes[0] ?? '' }))).toBe(
      false,
    );
    const own = await atSecondFactor(owner);
    expect(
      hasCode(await own.browser.submit(own.page, { step: 'recovery', recovery_code: owner.recoveryCodes[0] ?? '' })),
    ).toBe(true);
  });
});

describeWithPostgres('replay of one-time codes on two processes', () => {
  let pair: ServerPair;
  beforeAll(async () => {
    pair = await startServerPair();
  });
  afterAll(() => pair.close());

  it('of logons that present one code to both exactly one goes on', async () => {
    const owner = await newOwner(await pair.account());
    const logons = await atSecondFactorTimes(owner, 8);
    const before = pair.counts();
    const answers = await answerAll(logons, { code: await owner.authenticator.nextCode() });
    expect(answers.filter(hasCode)).toHaveLength(1);
    const after = pair.counts();
    expect(Math.min(after[0] - before[0], after[1] - before[1])).toBeGreaterThanOrEqual(4);
    const [recoveryCode = ''] = owner.recoveryCodes;
    const recovered = await answerAll(await atSecondFactorTimes(owner, 8), {
      step: 'recovery',
      recovery_code: recoveryCode,
    });
    expect(recovered.filter(hasCode)).toHaveLength(1);
  });
});
