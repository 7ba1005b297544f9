import { expect, test } from 'vitest';
import { generatePassword } from '../../../src/crypto/generated-passwords.ts';
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
  const rules = passwordRules({ minimumLength: 15 });
  expect(rules[0]).toMatchObject({ text: 'At least 15 characters', check: { kind: 'min-length', value: 15 } });
  expect(checkPassword('correct horse', { policy: { minimumLength: 15 } })).toHaveLength(1);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});
