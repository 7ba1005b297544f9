import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBranding, readBranding } from '../../../../src/domain/accounts/branding/branding.ts';
import {
  deleteLogo,
  getBranding,
  setBranding,
  setLogo,
} from '../../../../src/domain/accounts/branding/branding-operations.ts';
import { findLogoImage } from '../../../../src/domain/accounts/branding/logos-store.ts';
import { findIssuer } from '../../../../src/domain/accounts/accounts-store.ts';
import { loadLogonSettings } from '../../../../src/domain/accounts/logon-settings.ts';
import { performOperation } from '../../../../src/domain/operation.ts';
import { plainPng } from '../../../support/png-files.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const nothing = { displayName: undefined, color: undefined, logo: undefined };
const read = (caller = account.admin) => performOperation(harness.deps, caller, getBranding, {});
const change = (changes: unknown, caller = account.admin) =>
  performOperation(harness.deps, caller, setBranding, { changes });
const put = (image: Buffer | string, caller = account.admin) =>
  performOperation(harness.deps, caller, setLogo, {
    image: typeof image === 'string' ? image : image.toString('base64'),
  });
const remove = (caller = account.admin) => performOperation(harness.deps, caller, deleteLogo, {});
const revision = async () => (await findIssuer(harness.deps.db, account.alias))?.revision ?? 0;

const logo = plainPng(40, 10);

describe('branding', () => {
  test('is none until it is set, and keeps what is not named', async () => {
    expect(await read()).toEqual(nothing);
    await change({ displayName: 'Acme Corporation', color: '#0B6150' });
    const { logo: kept } = await put(logo);
    await change({ displayName: 'Acme' });
    expect(await read()).toEqual({
      displayName: 'Acme',
      color: '#0b6150',
      logo: { logoId: kept?.logoId, width: 40, height: 10 },
    });
    await change({ displayName: null, color: null });
    expect(await read()).toEqual({ ...nothing, logo: kept });
    await remove();
    expect(await read()).toEqual(nothing);
  });

  test('changed by twenty at once, keeps what each of them changed', async () => {
    const changes = [{ displayName: 'Acme' }, { color: '#0b6150' }];
    await Promise.all(Array.from({ length: 20 }, (_none, at) => change(changes[at % 2])));
    expect(await read()).toMatchObject({ displayName: 'Acme', color: '#0b6150' });
  });

  test.each([
    ['displayName', '', 'Length'],
    ['displayName', 'x'.repeat(65), 'Length'],
    ['displayName', 'Acme\n', 'InvalidChars'],
    ['displayName', '\u202eemcA', 'InvalidChars'],
    ['displayName', 7, 'Type'],
    ['color', 'red', 'Format'],
    ['color', '#fff', 'Format'],
    ['color', '#0b61501', 'Format'],
    ['color', '#0b615g', 'Format'],
    ['color', '#0b6150;}*{}', 'Format'],
    ['color', ['#0b6150'], 'Type'],
    ['color', '#777777', 'Contrast'],
    ['color', '#ffff00', 'Contrast'],
  ])('does not take %s of %j', async (field, value, fault) => {
    const error = await refusal(change({ [field]: value }));
    const name = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    expect(error.faults).toMatchObject([{ pointer: `/changes/${field}`, code: `InvalidParameter.${name}.${fault}` }]);
    expect(await read()).toEqual(nothing);
  });

  test('tells of a pale colour how far off it is, and takes the first that can be read', async () => {
    expect((await refusal(change({ color: '#777777' }))).faults[0]?.detail).toContain('4.47:1');
    expect((await change({ color: '#767676' })).color).toBe('#767676');
  });

  test('does not take fields that there are not', async () => {
    expect((await refusal(change({ logo: null }))).faults).toMatchObject([{ code: 'InvalidParameter.UnknownField' }]);
  });
});

describe('what was stored and is no good any more', () => {
  test.each([
    [null],
    [{ displayName: 7, color: '#fff' }],
    [{ displayName: 'x'.repeat(65), color: '#ffff00' }],
    [{ displayName: null, color: 'url(https://evil.example)' }],
  ])('is left out: %j', (stored) => {
    expect(readBranding(stored, undefined)).toEqual(nothing);
  });
});

describe('a logo', () => {
  test('is served by its address, and no longer once it is replaced or removed', async () => {
    const { logo: first } = await put(logo);
    const image = await findLogoImage(harness.deps.db, first?.logoId ?? '');
    expect(image?.subarray(1, 4).toString()).toBe('PNG');
    const { logo: second } = await put(plainPng(50, 10));
    expect(await findLogoImage(harness.deps.db, first?.logoId ?? '')).toBeUndefined();
    expect(await findLogoImage(harness.deps.db, second?.logoId ?? '')).toBeDefined();
    await remove();
    expect(await findLogoImage(harness.deps.db, second?.logoId ?? '')).toBeUndefined();
  });

  test('of two accounts that send the same is served while either has it', async () => {
    const other = await newAccount(harness);
    const { logo: mine } = await put(logo);
    await put(logo, other.admin);
    await remove();
    expect(await findLogoImage(harness.deps.db, mine?.logoId ?? '')).toBeDefined();
    expect((await read()).logo).toBeUndefined();
  });

  test('that is not there cannot be removed', async () => {
    expect((await refusal(remove())).code).toBe('EntityNotExist.Logo');
  });

  test.each([
    ['no base64', 'not base64!'],
    ['base64 for addresses', Buffer.from([0xff, 0xfe, 0xfd]).toString('base64url').replace('__', '-_')],
    ['base64 cut short', 'iVBORw0KGgo'],
    ['nothing', ''],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a PNG that breaks off', logo.subarray(0, 40)],
    ['more than fits', `iVBORw0KGgoA${'A'.repeat(349_520)}`],
  ])('is not made of %s', async (_what, image) => {
    const error = await refusal(put(image));
    expect([error.code, error.faults.length]).toEqual(['InvalidParameter', 1]);
    expect(error.faults[0]).toMatchObject({
      pointer: '/image',
      code: expect.stringMatching(/^InvalidParameter\.Image\./) as string,
    });
    expect(error.message + String(error.faults[0]?.detail)).not.toContain('iVBOR');
    expect((await read()).logo).toBeUndefined();
  });

  test('is made anew thirty times an hour, and another account’s goes on', async () => {
    for (let time = 0; time < 30; time += 1) await refusal(put(logo.subarray(0, 24)));
    const refused = await refusal(put(logo));
    expect([refused.code, (refused.retryAfterSeconds ?? 0) > 0]).toEqual(['Throttling.User', true]);
    expect((await read()).logo).toBeUndefined();
    const other = await newAccount(harness);
    expect((await put(logo, other.admin)).logo).toBeDefined();
  });
});

describe('who may', () => {
  test('change it needs the right, and nobody else’s tries count', async () => {
    const user = await newUser(harness.deps.db, account.accountId, 'bob');
    const reader = await newUser(harness.deps.db, account.accountId, 'eve', ['AliyunRAMReadOnlyAccess']);
    for (const tried of [change({ color: '#0b6150' }, user), put(logo, user), remove(user), read(user)])
      expect((await refusal(tried)).code).toBe('NoPermission');
    for (const tried of [change({ color: '#0b6150' }, reader), put(logo, reader), remove(reader)])
      expect((await refusal(tried)).code).toBe('NoPermission');
    expect(await read(reader)).toEqual(nothing);
  });

  test('is told in the audit log, without the image', async () => {
    await change({ displayName: 'Acme' });
    const { logo: kept } = await put(logo);
    await remove();
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events.map(({ action, outcome, details }) => ({ action, outcome, details }))).toEqual([
      { action: 'ram:SetBranding', outcome: 'success', details: { changes: { displayName: 'Acme' } } },
      { action: 'ram:SetBranding', outcome: 'success', details: { logoId: kept?.logoId } },
      { action: 'ram:SetBranding', outcome: 'success', details: {} },
    ]);
  });
});

describe('every change', () => {
  test('makes all processes look anew at the account, and is in what pages go by', async () => {
    const before = await revision();
    await change({ displayName: 'Acme' });
    const named = await revision();
    await put(logo);
    const drawn = await revision();
    expect((await loadLogonSettings(harness.deps.db, account.accountId)).branding).toEqual(
      await loadBranding(harness.deps.db, account.accountId),
    );
    await remove();
    expect([named > before, drawn > named, (await revision()) > drawn]).toEqual([true, true, true]);
  });

  test('of one account leaves another’s alone', async () => {
    const other = await newAccount(harness);
    await change({ displayName: 'Acme' });
    await put(logo);
    expect(await read(other.admin)).toEqual(nothing);
  });
});
