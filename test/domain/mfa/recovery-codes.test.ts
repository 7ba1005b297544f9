import { expect, it } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from '../../../src/domain/mfa/recovery-codes.ts';

it('there are ten, all different, of 120 bits each in letters that cannot be mistaken', () => {
  const codes = [...newRecoveryCodes(), ...newRecoveryCodes()];
  expect(new Set(codes).size).toBe(20);
  for (const code of codes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{6}-){3}[0-9A-HJKMNP-TV-Z]{6}$/);
});

it('how a person types one does not matter', () => {
  const code = 'ABC0D1-EFGH23-JKMNPQ-RSTVWX';
  const typed = [
    'abc0d1-efgh23-jkmnpq-rstvwx',
    ' ABC0D1 EFGH23 JKMNPQ RSTVWX ',
    'ABC0D1EFGH23JKMNPQRSTVWX',
    'ABCOD1-EFGH23-JKMNPQ-RSTVWX',
    'abcodl-efgh23-jkmnpq-rstvwx',
    'ABC0DI-EFGH23-JKMNPQ-RSTVWX',
  ];
  for (const one of typed) expect(hashRecoveryCode(one)).toBe(hashRecoveryCode(code));
});

it('another code is another, and the stored form tells nothing of it', () => {
  const [first = '', second = ''] = newRecoveryCodes();
  expect(hashRecoveryCode(first)).not.toBe(hashRecoveryCode(second));
  expect(hashRecoveryCode(first.slice(0, -1))).not.toBe(hashRecoveryCode(first));
  expect(hashRecoveryCode(first)).not.toContain(first.slice(0, 6));
});
