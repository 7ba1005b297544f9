import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breachHash } from '../../src/crypto/prepared-password.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { errorOn, logOnToPortal, stepOf } from '../support/logon-driver.ts';
import { type ApiAnswer, newPassword, type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const breached = 'violet-anchor-spoons-91';

const weak = [
  ['one that attackers try first', 'Password1', 'try first'],
  ['the name of the account and digits', 'Acme-Works-2026', 'little more than'],
  ['a word of the display name', 'Ermintrude!', 'little more than'],
  ['one that is known from a breach', breached, 'breach'],
  ['a short one', 'k3Wq-9z', 'at least 8 characters'],
] as const;

describe('wherever a password is chosen', () => {
  let directory: string;
  let file: string;
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'weak-passwords-'));
    file = join(directory, 'hashes.txt');
    writeFileSync(file, `${breachHash(breached)}:12\r\n`);
    server = await startTestServer({ stores: 'embedded', settings: { BREACHED_PASSWORDS_FILE: file } });
    account = await server.account('acme-works');
    await account.manage('PATCH /users/admin', { displayName: 'Ermintrude Root' });
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const opens = async (userName: string, password: string): Promise<boolean> => {
    const { page, steps } = await logOnToPortal(createHttpBrowser(), account.issuer, { userName, password });
    return steps.length > 1 || stepOf(page) !== 'password';
  };

  function expectRefused(answer: ApiAnswer, pointer: string, words: string): void {
    expect([answer.status, answer.body['code']]).toEqual([400, 'InvalidParameter.Password.TooWeak']);
    const errors = answer.body['errors'] as readonly Record<string, string>[];
    // Nothing but what is documented goes out.
    expect(errors.map((error) => Object.keys(error).toSorted())).toEqual([['code', 'detail', 'pointer']]);
    expect(errors[0]).toMatchObject({ pointer, detail: expect.stringContaining(words) });
  }

  it.each(weak)('%s is refused for one’s own, and the old one stays', async (_which, password, words) => {
    const oldPassword = account.handover.initialPassword;
    for (const method of ['PUT', 'POST']) {
      const answer = await account.api(`${method} /me/password`, { oldPassword, newPassword: password });
      expectRefused(answer, '/newPassword', words);
    }
    expect(await opens('admin', password)).toBe(false);
    expect(await opens('admin', oldPassword)).toBe(true);
  });

  it.each(weak)('%s is refused for somebody’s login profile, lasting or not', async (_which, password, words) => {
    const user = await account.createUser({ displayName: 'Ermintrude Smith' });
    for (const resetRequired of [true, false]) {
      const answer = await account.api(`PUT /users/${user.userName}/login-profile`, { password, resetRequired });
      expectRefused(answer, '/password', words);
    }
    expect(await opens(user.userName, password)).toBe(false);
    expect(await opens(user.userName, user.password)).toBe(true);
  });

  it.each(weak)('%s is refused for a new user, and none of the users is made', async (_which, password, words) => {
    const user = { userName: 'weakling', displayName: 'Ermintrude Jones', consoleLogon: { password } };
    expectRefused(await account.api('POST /users', user), '/consoleLogon/password', words);
    const sound = { userName: 'strongling', displayName: 'S', consoleLogon: { password: newPassword() } };
    const many = await account.api('POST /users', [sound, user]);
    expectRefused(many, '/1/consoleLogon/password', words);
    for (const { userName } of [user, sound]) expect((await account.api(`GET /users/${userName}`)).status).toBe(404);
  });

  it.each(weak)('%s is refused on the page after a first logon, which says why', async (_which, wish, words) => {
    const user = await account.createUser({ resetRequired: true, displayName: 'Ermintrude Doe' });
    const refused = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: wish });
    expect([refused.page.status, stepOf(refused.page)]).toEqual([400, 'reset']);
    expect(errorOn(refused.page)).toContain(words);
    expect(refused.page.html).not.toContain(wish);
    expect(await opens(user.userName, wish)).toBe(false);
    const chosen = newPassword();
    const through = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: chosen });
    expect([through.steps, stepOf(through.page)]).toEqual([['password', 'reset'], undefined]);
    expect(await opens(user.userName, chosen)).toBe(true);
  });

  it('the page tells of the list where there is one', async () => {
    const user = await account.createUser({ resetRequired: true });
    const { page } = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: 'short' });
    expect(page.html).toContain('id="rule-breached"');
    expect(page.html).toContain('id="rule-context"');
  });

  it('what is put in the place of the list counts at once, and a list that is gone keeps nobody out', async () => {
    const user = await account.createUser();
    const put = (password: string) => account.api(`PUT /users/${user.userName}/login-profile`, { password });
    const [first, second] = [newPassword(), newPassword()];
    writeFileSync(file, `${breachHash(first)}\n`);
    expect((await put(first)).status).toBe(400);
    rmSync(file);
    const before = server.logLines.length;
    expect((await put(second)).status).toBe(200);
    const told = server.logLines.slice(before).join();
    expect(told).toContain('could not be looked up among breached ones');
    expect(told).not.toContain(second);
    expect(await opens(user.userName, second)).toBe(true);
    writeFileSync(file, `${breachHash(breached)}\n`);
  });

  it('a right password that has come to be known since still lets its owner in', async () => {
    const user = await account.createUser();
    writeFileSync(file, `${breachHash(user.password)}\n`);
    expect(await opens(user.userName, user.password)).toBe(true);
    writeFileSync(file, `${breachHash(breached)}\n`);
  });

  it('typed with other keys, the same password opens', async () => {
    const chosen = `Cr\u00e8me br\u00fbl\u00e9e ${newPassword()}`;
    const user = await account.createUser({ password: chosen });
    expect(await opens(user.userName, chosen.normalize('NFD'))).toBe(true);
    expect(await opens(user.userName, chosen.replaceAll(' ', '\u00a0'))).toBe(true);
    expect(await opens(user.userName, chosen.replace('\u00e8', 'e'))).toBe(false);
  });

  it('no refused password is in a log line or an audit event', async () => {
    const events = JSON.stringify(await server.backend.db.select().from(auditEvents));
    expect(events).toContain('InvalidParameter.Password.TooWeak');
    for (const [, password] of weak)
      for (const text of [events, ...server.logLines]) expect(text).not.toContain(password);
  });
});
