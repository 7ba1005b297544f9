import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAccountAliases, releaseAccountAlias } from '../../../src/domain/accounts/account-aliases.ts';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import { findIssuer } from '../../../src/domain/accounts/accounts-store.ts';
import { getAccount } from '../../../src/domain/accounts/get-account.ts';
import { updateAccount } from '../../../src/domain/accounts/update-account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { getOwnUser } from '../../../src/domain/users/get-user.ts';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const newName = (): string => `n${randomBytes(6).toString('hex')}`;
const read = (caller: Caller = account.admin) => performOperation(harness.deps, caller, getAccount, {});
const change = async (changes: unknown, caller: Caller = account.admin) =>
  (await performOperation(harness.deps, caller, updateAccount, { changes })).account;
const release = (accountAlias: string, caller: Caller = account.admin) =>
  performOperation(harness.deps, caller, releaseAccountAlias, { accountAlias });
const names = async (caller: Caller = account.admin) => {
  const { items } = await performOperation(harness.deps, caller, listAccountAliases, {});
  return Object.fromEntries(items.map(({ alias, state }) => [alias, state]));
};
const rowOf = async (accountId: string) => {
  const [row] = await harness.deps.db.select().from(accounts).where(eq(accounts.accountId, accountId));
  return row;
};

describe('reading the account', () => {
  it('tells its names and addresses, and the defaults of what was never set', async () => {
    expect(await read()).toEqual({
      accountId: account.accountId,
      alias: account.alias,
      defaultDomain: `${account.alias}.logon.example.com`,
      logonUrl: `https://id.example.com/${account.alias}`,
      status: 'active',
      isPlatform: false,
      helpText: null,
      auditRetentionDays: 400,
      createdAt: expect.any(Date) as Date,
    });
  });

  it('is for those whose policies allow it', async () => {
    const nobody = await newUser(harness.deps.db, account.accountId, 'nobody');
    expect(await refusal(read(nobody))).toMatchObject({ code: 'NoPermission' });
    const auditor = await newUser(harness.deps.db, account.accountId, 'auditor', ['AliyunRAMReadOnlyAccess']);
    expect((await read(auditor)).accountId).toBe(account.accountId);
    expect(await refusal(change({ helpText: 'mine' }, auditor))).toMatchObject({ code: 'NoPermission' });
    expect((await read()).helpText).toBeNull();
  });
});

describe('settings', () => {
  it('are changed alone, and go back to their defaults', async () => {
    expect(await change({ helpText: 'Ask Eve.', auditRetentionDays: 30 })).toMatchObject({
      ...{ helpText: 'Ask Eve.', auditRetentionDays: 30, alias: account.alias },
    });
    expect(await change({ auditRetentionDays: null })).toMatchObject({ helpText: 'Ask Eve.', auditRetentionDays: 400 });
    expect(await change({ helpText: null })).toMatchObject({ helpText: null });
    expect(await change({})).toEqual(await read());
  });

  it('leave a trace that names the fields, and what was chosen for the name', async () => {
    const to = newName();
    await change({ helpText: 'Ask Eve.', alias: to });
    expect((await eventsOf(harness.deps.db, account.accountId)).at(-1)).toMatchObject({
      action: 'ram:UpdateAccount',
      resource: `acs:ram:*:${account.accountId}:*`,
      outcome: 'success',
      details: { changed: ['alias', 'helpText'], formerAlias: account.alias, newAlias: to },
    });
  });

  it.each([
    [{ auditRetentionDays: 29 }, '/changes/auditRetentionDays'],
    [{ auditRetentionDays: 3651 }, '/changes/auditRetentionDays'],
    [{ helpText: '' }, '/changes/helpText'],
    [{ helpText: 'x'.repeat(501) }, '/changes/helpText'],
    [{ helpText: 'a\u0000b' }, '/changes/helpText'],
    [{ status: 'suspended' }, '/changes/status'],
    [{ alias: 'Bad--Alias' }, '/changes/alias'],
    [{ alias: 'console' }, '/changes/alias'],
    [{ alias: '1234567890' }, '/changes/alias'],
    [{ alias: 'x'.repeat(52) }, '/changes/alias'],
    [{ defaultDomain: 'acme.elsewhere.example' }, '/changes/defaultDomain'],
    [{ defaultDomain: 'console.logon.example.com' }, '/changes/defaultDomain'],
    [{ alias: 'one-name', defaultDomain: 'two.logon.example.com' }, '/changes/defaultDomain'],
  ])('%o is refused at its place, and nothing changes', async (changes, pointer) => {
    const before = await read();
    expect(await refusal(change(changes))).toMatchObject({ code: 'InvalidParameter', faults: [{ pointer }] });
    expect([await read(), await names()]).toEqual([before, { [account.alias]: 'current' }]);
  });
});

describe('renaming', () => {
  it('keeps the former name as an issuer, and logon names follow', async () => {
    const to = newName();
    expect(await change({ alias: to })).toMatchObject({ alias: to, logonUrl: `https://id.example.com/${to}` });
    expect(await names()).toEqual({ [account.alias]: 'former', [to]: 'current' });
    for (const name of [account.alias, to, account.accountId])
      expect(await findIssuer(harness.deps.db, name)).toMatchObject({ accountId: account.accountId, currentAlias: to });
    const { logonName } = await performOperation(harness.deps, account.admin, getOwnUser, {});
    expect(logonName).toBe(`admin@${to}.logon.example.com`);
  });

  it('back to a former name is only a change of place', async () => {
    const [from, to] = [account.alias, newName()];
    const epoch = (await rowOf(account.accountId))?.epoch;
    await change({ alias: to });
    expect(await change({ alias: from })).toMatchObject({ alias: from });
    expect(await names()).toEqual({ [from]: 'current', [to]: 'former' });
    expect((await rowOf(account.accountId))?.epoch).toBe(epoch);
  });

  it('to the present name changes nothing', async () => {
    await change({ alias: account.alias });
    expect(await names()).toEqual({ [account.alias]: 'current' });
  });

  it('to nothing leaves the account id, and the former name an issuer', async () => {
    expect(await change({ alias: null })).toMatchObject({
      alias: null,
      defaultDomain: `${account.accountId}.logon.example.com`,
      logonUrl: `https://id.example.com/${account.accountId}`,
    });
    expect(await findIssuer(harness.deps.db, account.alias)).toMatchObject({ currentAlias: account.accountId });
  });

  it('by the default domain is the same as by the alias', async () => {
    const to = newName();
    expect(await change({ defaultDomain: `${to.toUpperCase()}.Logon.Example.com` })).toMatchObject({ alias: to });
    expect(await change({ defaultDomain: `${account.accountId}.logon.example.com` })).toMatchObject({ alias: null });
  });

  it.each(['current', 'former', 'released'])("to another account's %s name is refused", async (state) => {
    const other = await newAccount(harness);
    if (state !== 'current') await change({ alias: newName() }, other.admin);
    if (state === 'released') await release(other.alias, other.admin);
    expect(await refusal(change({ alias: other.alias }))).toMatchObject({ code: 'EntityAlreadyExists.AccountAlias' });
    expect(await names()).toEqual({ [account.alias]: 'current' });
    expect((await eventsOf(harness.deps.db, account.accountId)).at(-1)).toMatchObject({ outcome: 'refused' });
  });

  it('ends at a number of names, for none is ever free again; going back is always possible', async () => {
    await saveAccountSettings(harness.deps.db, account.accountId, { quotas: { accountAliasesQuota: 2 } });
    await change({ alias: newName() });
    await release(account.alias);
    expect(await refusal(change({ alias: newName() }))).toMatchObject({ code: 'LimitExceeded.AccountAlias' });
    expect(await change({ alias: account.alias })).toMatchObject({ alias: account.alias });
  });
});

describe('releasing a former name', () => {
  it('ends it as an issuer, and it can be taken back, which ends what was issued before', async () => {
    const to = newName();
    await change({ alias: to });
    const before = await rowOf(account.accountId);
    await release(account.alias);
    expect(await names()).toEqual({ [account.alias]: 'released', [to]: 'current' });
    expect(await findIssuer(harness.deps.db, account.alias)).toBeUndefined();
    const released = await rowOf(account.accountId);
    expect(released?.revision).toBeGreaterThan(before?.revision ?? 0);
    expect(released?.epoch).toBe(before?.epoch);
    await change({ alias: account.alias });
    expect(await findIssuer(harness.deps.db, account.alias)).toMatchObject({ currentAlias: account.alias });
    expect((await rowOf(account.accountId))?.epoch).toBeGreaterThan(before?.epoch ?? 0);
  });

  it('is refused for the present one, for what is no name of the account, and a second time', async () => {
    expect(await refusal(release(account.alias))).toMatchObject({ code: 'DeleteConflict.AccountAlias' });
    const other = await newAccount(harness);
    await change({ alias: newName() }, other.admin);
    expect(await refusal(release(other.alias))).toMatchObject({ code: 'EntityNotExist.AccountAlias' });
    expect((await names(other.admin))[other.alias]).toBe('former');
    await release(other.alias, other.admin);
    expect(await refusal(release(other.alias, other.admin))).toMatchObject({ code: 'EntityNotExist.AccountAlias' });
    expect(await names()).toEqual({ [account.alias]: 'current' });
  });
});
