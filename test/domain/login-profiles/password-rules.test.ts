import { expect, test } from 'vitest';
import { generatePassword } from '../../../src/crypto/generated-passwords.ts';
import { defaultPasswordPolicy, passwordPolicyPresets } from '../../../src/domain/accounts/password-policy.ts';
import { AppError } from '../../../src/domain/app-error.ts';
import { passwordFlawsOf, weakPassword } from '../../../src/domain/login-profiles/password-flaws.ts';
import { findPasswordFlaws, passwordRules } from '../../../src/domain/login-profiles/password-rules.ts';

const kindsOf = (...[password, context]: Parameters<typeof findPasswordFlaws>) =>
  findPasswordFlaws(password, context).map(({ kind }) => kind);

test.each([
  ['eight characters', 'k3Wq-9zT', 'alice'],
  ['spaces at the ends, kept', '  four words here ', 'alice'],
  ['128 characters', 'ab3-'.repeat(32), 'alice'],
  ['128 characters beyond the basic plane', '𝒜b3-'.repeat(32), 'alice'],
  ['letters of any script', '正しい馬の電池とホチキス', 'alice'],
  ['a short user name inside', 'xx-al-correct-horse', 'al'],
  ['no user name known', 'correct horse battery', undefined],
])('accepts %s', (_case, password, userName) => {
  expect(kindsOf(password, { userName })).toEqual([]);
});

test.each([
  ['seven characters', 'k3Wq-9z', 'alice', ['too-short']],
  ['seven characters that are more UTF-16 units', '𝒜𝒜𝒜𝒜𝒜b3', 'alice', ['too-short']],
  ['seven characters that are typed as more', 'e\u0301'.repeat(7), 'alice', ['too-short']],
  ['129 characters', `${'ab3-'.repeat(32)}x`, 'alice', ['too-long']],
  ['the user name', 'alice-in-wonderland', 'alice-in-wonderland', ['contains-user-name']],
  ['the user name inside, in another case', 'xx-ALICE-99-xx', 'Alice', ['contains-user-name']],
  ['a short user name as the whole', 'bob', 'Bob', ['too-short', 'is-user-name']],
  ['every rule that is broken at once', 'alice', 'alice', ['too-short', 'contains-user-name']],
])('tells %s', (_case, password, userName, kinds) => {
  expect(kindsOf(password, { userName })).toEqual(kinds);
});

test('the preset of RAM takes a password with the user name in it, and never the name itself', () => {
  const policy = passwordPolicyPresets.ram;
  expect(kindsOf('xx-ALICE-99-xx', { userName: 'alice', policy })).toEqual([]);
  expect(kindsOf('Carol.Roe', { userName: 'carol.roe', policy })).toEqual(['is-user-name']);
});

test('every generated password passes', () => {
  for (let count = 0; count < 200; count += 1)
    expect(findPasswordFlaws(generatePassword(), { userName: 'alice' })).toEqual([]);
});

test('the rules tell the length that is checked', () => {
  const policy = { ...defaultPasswordPolicy, minimumPasswordLength: 15 };
  const rules = passwordRules(policy);
  expect(rules[0]).toMatchObject({ kind: 'too-short', value: 15, check: { kind: 'min-length', value: 15 } });
  expect(findPasswordFlaws('correct horse', { policy })).toEqual([{ kind: 'too-short', value: 15 }]);
  expect(new Set(rules.map(({ kind }) => kind)).size).toBe(rules.length);
});

test('the rules name what they are about: the user, the breached passwords if any are known, the former ones', () => {
  const kinds = (...given: Parameters<typeof passwordRules>) => passwordRules(...given).map(({ kind }) => kind);
  const everywhere = ['too-short', 'too-long', 'contains-user-name', 'context', 'common'];
  expect(kinds(defaultPasswordPolicy)).toEqual(everywhere);
  expect(kinds(defaultPasswordPolicy, { breachedPasswords: {} })).toEqual([...everywhere, 'breached']);
  expect(kinds({ ...defaultPasswordPolicy, passwordReusePrevention: 3 })).toEqual([...everywhere, 'used-before']);
  expect(kinds(passwordPolicyPresets.ram)).toContain('is-user-name');
  const checkOf = (userName: string) =>
    passwordRules(defaultPasswordPolicy, { userName }).find(({ kind }) => kind === 'contains-user-name')?.check;
  expect(checkOf('alice')).toEqual({ kind: 'not-contain', value: 'alice' });
  expect(checkOf('bob')).toBeUndefined();
});

test.each([
  ['requireLowercaseCharacters', 'ÄB-7ÄB-7Ä', 'äB-7ÄB-7Ä', 'no-lowercase', 'a lower-case letter'],
  ['requireUppercaseCharacters', 'äb-7äb-7ä', 'Äb-7äb-7ä', 'no-uppercase', 'an upper-case letter'],
  ['requireNumbers', 'four words here', 'four w0rds here', 'no-number', 'a digit'],
  ['requireSymbols', 'four words here', 'four words-here', 'no-symbol', 'a symbol'],
] as const)('%s refuses %s and takes %s', (field, without, withIt, kind, words) => {
  const policy = { ...defaultPasswordPolicy, [field]: true };
  expect(kindsOf(without, { policy })).toEqual([kind]);
  expect(weakPassword('/p', { kind }).detail).toBe(`A password contains ${words}.`);
  expect(kindsOf(withIt, { policy })).toEqual([]);
  expect(passwordRules(policy).map((rule) => rule.kind)).toContain(kind);
  expect(passwordRules(defaultPasswordPolicy).map((rule) => rule.kind)).not.toContain(kind);
});

test('different characters are counted as people see them', () => {
  const policy = { ...defaultPasswordPolicy, minimumPasswordDifferentCharacter: 5 };
  expect(findPasswordFlaws('𝒜b𝒜b𝒞b𝒟b', { policy })).toEqual([{ kind: 'too-few-different', value: 5 }]);
  expect(findPasswordFlaws('𝒜b𝒜b𝒞c𝒟b', { policy })).toEqual([]);
  expect(findPasswordFlaws('\u00e9e\u0301abc\u00e9abc', { policy })).toEqual([{ kind: 'too-few-different', value: 5 }]);
});

test('a refusal gives its flaws back to a page, and none where it is about something else', () => {
  const flaws = [{ kind: 'too-short', value: 12 }, { kind: 'context' }] as const;
  const faults = [...flaws.map((flaw) => weakPassword('/p', flaw)), { pointer: '/x', code: 'y', detail: 'z' }];
  expect(passwordFlawsOf(new AppError('InvalidParameter', 'm', { faults }))).toEqual([
    { kind: 'too-short', value: 12 },
    { kind: 'context', value: 0 },
  ]);
  const foreign = [{ ...faults[2], pointer: '/x', code: 'y', detail: 'z', rule: { kind: 'toString', value: 1 } }];
  expect(passwordFlawsOf(new AppError('InvalidParameter', 'm', { faults: foreign }))).toEqual([]);
});
