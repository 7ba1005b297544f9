import { expect, test } from 'vitest';
import { generatePassword } from '../../../src/crypto/generated-passwords.ts';
import { defaultPasswordPolicy } from '../../../src/domain/accounts/password-policy.ts';
import { checkPassword, passwordRules } from '../../../src/domain/login-profiles/password-rules.ts';

test.each([
  ['eight characters', 'k3Wq-9zT', 'alice'],
  ['spaces at the ends, kept', '  four words here ', 'alice'],
  ['128 characters', 'ab3-'.repeat(32), 'alice'],
  ['128 characters beyond the basic plane', '𝒜b3-'.repeat(32), 'alice'],
  ['letters of any script', '正しい馬の電池とホチキス', 'alice'],
  ['a short user name inside', 'xx-al-correct-horse', 'al'],
  ['no user name known', 'correct horse battery', undefined],
])('accepts %s', (_case, password, userName) => {
  expect(checkPassword(password, { userName })).toEqual([]);
});

test.each([
  ['seven characters', 'k3Wq-9z', 'alice', 'at least 8'],
  ['seven characters that are more UTF-16 units', '𝒜𝒜𝒜𝒜𝒜b3', 'alice', 'at least 8'],
  ['129 characters', `${'ab3-'.repeat(32)}x`, 'alice', 'at most 128'],
  ['the user name', 'alice-in-wonderland', 'alice-in-wonderland', 'user name'],
  ['the user name inside, in another case', 'xx-ALICE-99-xx', 'Alice', 'user name'],
  ['a short user name as the whole', 'bobbybob', 'bobbybob', 'user name'],
  ['a common one', 'password123', 'bob', 'try first'],
  ['a common one in capitals', 'PassW0RD', 'bob', 'try first'],
  ['a common one with digits behind', 'sunshine2026', 'bob', 'try first'],
  ['a common one with a sign behind', 'football!', 'bob', 'try first'],
  ['one character over and over', 'zzzzzzzzzz', 'bob', 'try first'],
  ['a run upwards', 'abcdefghij', 'bob', 'try first'],
  ['a run downwards', '987654321', 'bob', 'try first'],
])('refuses %s', (_case, password, userName, reason) => {
  const faults = checkPassword(password, { userName, pointer: '/new' });
  expect(faults.map(({ detail }) => detail).join(' ')).toContain(reason);
  for (const { code, pointer, detail } of faults) {
    expect({ code, pointer }).toEqual({ code: 'InvalidParameter.Password.TooWeak', pointer: '/new' });
    expect(detail).not.toContain(password);
  }
});

test('names every rule that is broken at once', () => {
  expect(checkPassword('alice', { userName: 'alice' })).toHaveLength(2);
});

test('every generated password passes', () => {
  for (let count = 0; count < 200; count += 1)
    expect(checkPassword(generatePassword(), { userName: 'alice' })).toEqual([]);
});

test('the rules in words tell the length that is checked', () => {
  const policy = { ...defaultPasswordPolicy, minimumPasswordLength: 15 };
  const rules = passwordRules(policy);
  expect(rules[0]).toMatchObject({ text: 'At least 15 characters', check: { kind: 'min-length', value: 15 } });
  expect(checkPassword('correct horse', { policy })).toHaveLength(1);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

test.each([
  ['requireLowercaseCharacters', 'ÄB-7ÄB-7Ä', 'äB-7ÄB-7Ä', 'a lower-case letter'],
  ['requireUppercaseCharacters', 'äb-7äb-7ä', 'Äb-7äb-7ä', 'an upper-case letter'],
  ['requireNumbers', 'four words here', 'four w0rds here', 'a digit'],
  ['requireSymbols', 'four words here', 'four words-here', 'a symbol'],
] as const)('%s refuses %s and takes %s', (field, without, withIt, words) => {
  const policy = { ...defaultPasswordPolicy, [field]: true };
  expect(checkPassword(without, { policy }).map(({ detail }) => detail)).toEqual([`A password contains ${words}.`]);
  expect(checkPassword(withIt, { policy })).toEqual([]);
  expect(passwordRules(policy).map(({ text }) => text)).toContain(`Contains ${words}`);
  expect(passwordRules(defaultPasswordPolicy).map(({ text }) => text)).not.toContain(`Contains ${words}`);
});

test('different characters are counted as people see them', () => {
  const policy = { ...defaultPasswordPolicy, minimumPasswordDifferentCharacter: 5 };
  expect(checkPassword('𝒜b𝒜b𝒞b𝒟b', { policy })).toHaveLength(1);
  expect(checkPassword('𝒜b𝒜b𝒞c𝒟b', { policy })).toEqual([]);
});
