import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dictionary } from '@zxcvbn-ts/language-common';
import { generatePassword } from '../../../src/crypto/generated-passwords.ts';
import { passwordPolicyPresets } from '../../../src/domain/accounts/password-policy.ts';
import {
  checkNewPassword,
  findNewPasswordFlaws,
  type NewPasswordContext,
} from '../../../src/domain/login-profiles/new-password.ts';

const alice: NewPasswordContext = {
  policy: passwordPolicyPresets.nist,
  userName: 'alice.smith',
  displayName: 'Alice Ingeborg Smith-Jónsdóttir',
  email: 'lissy.s+ops@mail.example.com',
  accountNames: ['acme-corp', 'former-name', 'Große Bäckerei'],
};
const ramAlice = { ...alice, policy: passwordPolicyPresets.ram };
const unscreened = { breachedPasswords: undefined };

const kindsOf = async (password: string, context = alice, screening = unscreened) =>
  (await findNewPasswordFlaws(screening, password, context)).map(({ kind }) => kind);

/** What is refused by whichever rule: property tests say that something does not pass. */
const isTaken = async (password: string, context = alice) => (await kindsOf(password, context)).length === 0;

describe('the block list', () => {
  test.each([
    'password',
    'Password1',
    'PassW0RD',
    'password123',
    'p@ssw0rd2026',
    'P@$$w0rd!',
    'pa55word',
    'sunshine2026',
    'football!',
    '!!football!!',
    '2026dragon!',
    '1234dragon5678',
    'ｐａｓｓｗｏｒｄ',
    'tru5tn01',
    'letme1n!',
    'Summer2026!',
    '1loveyou',
    'qwertyuiop',
    'Qwertz123',
    '1q2w3e4r5t',
    'kubernetes1',
    'Alibaba123',
    '11223344',
    '123456789',
    '912345678',
    'zzzzzzzzzz',
    'zzzzzzzz1!',
    'abcdefghij',
    'abcdefgh1',
    '987654321',
    '#987654321#',
    'abcabcabc',
    'ABCabcAbc',
    'abcdabcd',
    'abcabcab',
    'xoxoxoxo',
    '47114711',
    '!?!?!?!?',
    'zq7zq7zq7!',
    '🐴🔋🐴🔋🐴🔋🐴🔋',
    '19900101',
    '24121987',
    '12241987',
    '31122026!',
    '!19900101',
    '1990-01-01',
    '24.12.1987',
    '12/24/1987',
    '1.1.1990',
    '2026/3/9',
    '１９９００１０１',
  ])('refuses %s under every policy', async (password) => {
    expect(await kindsOf(password)).toContain('common');
    expect(await kindsOf(password, ramAlice)).toContain('common');
  });

  test.each([
    'correct horse battery',
    'k3Wq-9zT',
    'staple of many words',
    'violet-anchor-spoons-91',
    'my football club',
    'password of my heart',
    '83719420',
    '正しい馬の電池とホチキス',
    '!!football!!????',
    // Almost a block over and over, or one that is long.
    'abcabcabd',
    'zq7kwzq7kw',
    // Almost a date.
    '19901301',
    '19900132',
    '32121987',
    '18991231',
    '21000101',
    '1990-01.01',
    '24 Dez 1987',
  ])('takes %s', async (password) => {
    expect(await kindsOf(password)).toEqual([]);
    expect(await kindsOf(password, ramAlice)).toEqual([]);
  });

  const words = dictionary['passwords-common'];
  const word = fc.constantFrom(...words);
  const added = fc.constantFrom(...Array.from('0123456789!?.#$%&*-_ '));

  test('refuses each of its words, in whatever case, and with a digit or sign at either end', async () => {
    const cased = word.chain((text) =>
      fc.infiniteStream(fc.boolean()).map((upper) => {
        const choices = upper[Symbol.iterator]();
        return [...text].map((one) => (choices.next().value === true ? one.toUpperCase() : one)).join('');
      }),
    );
    const property = fc.asyncProperty(cased, added, fc.boolean(), async (text, sign, isBefore) => {
      expect(await isTaken(text)).toBe(false);
      expect(await isTaken(isBefore ? `${sign}${text}` : `${text}${sign}`)).toBe(false);
    });
    await fc.assert(property, { numRuns: 2_000 });
  });

  test('refuses words with letters that look alike replaced and up to four digits or signs at each end', async () => {
    const signs: Readonly<Record<string, string>> = { a: '@', o: '0', i: '1', l: '1', e: '3', s: '$', t: '7' };
    const row = fc.array(added, { maxLength: 4 }).map((all) => all.join(''));
    // Of which some letter is left: without any it would be a number like others.
    const written = word.filter((text) => /^[a-z]{4,}$/.test(text) && /[^aoilest]/.test(text));
    const property = fc.asyncProperty(written, row, row, async (text, before, behind) => {
      const disguised = [...text].map((letter) => signs[letter] ?? letter).join('');
      expect(await isTaken(`${before}${text}${behind}`)).toBe(false);
      expect(await isTaken(`${before}${disguised}`)).toBe(false);
    });
    await fc.assert(property, { numRuns: 1_000 });
  });

  test('takes what is generated', async () => {
    for (let count = 0; count < 300; count += 1) expect(await kindsOf(generatePassword())).toEqual([]);
  });
});

describe('names', () => {
  test.each([
    ['a part of the user name', 'Smith2026!'],
    ['a word of the display name', 'ingeborg99'],
    ['a word of the display name beyond ASCII', 'JÓNSDÓTTIR1'],
    ['the same typed with combining accents', 'Jo\u0301nsdo\u0301ttir1'],
    ['the local part of the address', 'lissy2026'],
    ['the local part of the address whole', 'lissy.s+ops'],
    ['the alias of the account', 'ACME-corp-1'],
    ['the alias without its hyphen', 'acmecorp'],
    ['a name the account had before', 'former-name-2'],
    ['the name the account goes by on its pages', 'Bäckerei-2026'],
    ['the name of this service', 'postern2026'],
    ['the same disguised', 'P0$t3rn!!'],
    ['two names together', 'alice@acme-corp'],
    ['a name twice', 'acme+acme'],
    ['names and many digits', 'acme 2026-11-22 17:45'],
  ])('%s is no password, whatever digits and signs are added', async (_which, password) => {
    for (const context of [
      { ...alice, userName: 'x.smith' },
      { ...ramAlice, userName: 'x.smith' },
    ]) {
      const kinds = await kindsOf(password, context);
      expect(kinds.length === 1 ? kinds : [...kinds, 'context']).toContain('context');
      for (const digit of '07') expect(await isTaken(`${password}${digit}`, context)).toBe(false);
      for (const sign of '!-') expect(await isTaken(`${sign}${password}`, context)).toBe(false);
    }
  });

  test.each([
    ['a name among other words', 'acme pays no overtime'],
    ['a name inside another word', 'postmodern acmeism'],
    ['a short word of a name', 'ops, ops and more ops!'],
    ['the domain of the address', 'mail.example.com'],
  ])('%s is one', async (_which, password) => {
    expect(await kindsOf(password)).toEqual([]);
  });

  test('the user name inside a password is refused where the policy says so, and told once', async () => {
    expect(await kindsOf('xx alice.smith xx')).toEqual(['contains-user-name']);
    expect(await kindsOf('Alice.Smith-1')).toEqual(['contains-user-name']);
    expect(await kindsOf('xx alice.smith xx', ramAlice)).toEqual([]);
    expect(await kindsOf('Alice.Smith', ramAlice)).toEqual(['is-user-name']);
    expect(await kindsOf('Alice.Smith-1', ramAlice)).toEqual(['context']);
  });

  test('names of any characters are searched for as they stand', async () => {
    const property = fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 4, maxLength: 30 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      async (name, password) => {
        const context = { ...alice, displayName: name, userName: 'u', accountNames: [name] };
        expect(Array.isArray(await findNewPasswordFlaws(unscreened, password, context))).toBe(true);
        const flaws = await findNewPasswordFlaws(unscreened, `${name}${name}`, context);
        if (/^[a-z]{4,}$/i.test(name)) expect(flaws.length).toBeGreaterThan(0);
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  test('a user of whom little is known is no hindrance', async () => {
    const bare = { policy: passwordPolicyPresets.nist, userName: 'al', accountNames: [] };
    expect(await findNewPasswordFlaws(unscreened, 'k3Wq-9zT', bare)).toEqual([]);
    const empty = { ...bare, displayName: null, email: null };
    expect(await findNewPasswordFlaws(unscreened, 'k3Wq-9zT', empty)).toEqual([]);
  });
});

describe('breached passwords', () => {
  const asked: string[] = [];
  const breachedPasswords = {
    includes: (password: string) => {
      asked.push(password);
      return Promise.resolve(password === 'violet-anchor-spoons-91');
    },
  };
  const of = async (password: string) =>
    (await findNewPasswordFlaws({ breachedPasswords }, password, alice)).map(({ kind }) => kind);

  test('are refused where the operator gave a list of them', async () => {
    expect(await of('violet-anchor-spoons-91')).toEqual(['breached']);
    expect(await of('violet-anchor-spoons-92')).toEqual([]);
    expect(await kindsOf('violet-anchor-spoons-91')).toEqual([]);
  });

  test('are looked up last, and nothing that is refused anyway is looked up', async () => {
    asked.length = 0;
    for (const refused of ['short', 'Password1', 'ab3-'.repeat(33), 'acme-2026', 'x'.repeat(100_000)])
      expect(await of(refused)).not.toEqual([]);
    expect(asked).toEqual([]);
  });
});

test('what is too long is searched for nothing', async () => {
  expect(await kindsOf('password'.repeat(17))).toEqual(['too-long']);
});

test('faults say where the password stands and what is wrong, all at once, and never repeat it', async () => {
  const policy = { ...passwordPolicyPresets.ram, minimumPasswordLength: 20, requireSymbols: true };
  const password = 'Sunshine2026';
  const faults = await checkNewPassword(unscreened, password, { ...alice, policy, pointer: '/new' });
  expect(faults.map(({ rule }) => rule?.kind)).toEqual(['too-short', 'no-symbol', 'common']);
  for (const { code, pointer, detail } of faults) {
    expect({ code, pointer }).toEqual({ code: 'InvalidParameter.Password.TooWeak', pointer: '/new' });
    expect(detail.toLowerCase()).not.toContain('sunshine');
  }
});
