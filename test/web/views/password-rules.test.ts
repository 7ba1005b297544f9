import { describe, expect, it } from 'vitest';
import { defaultPasswordPolicy } from '../../../src/domain/accounts/password-policy.ts';
import { AppError } from '../../../src/domain/app-error.ts';
import { weakPassword } from '../../../src/domain/login-profiles/password-flaws.ts';
import { passwordRules } from '../../../src/domain/login-profiles/password-rules.ts';
import { passwords } from '../../../src/web/views/messages/en/passwords.ts';
import { passwordRulesAttribute, weakPasswordWordings } from '../../../src/web/views/password-rules.ts';

describe('passwordRulesAttribute', () => {
  it('tells generators what they can honour', () => {
    const attribute = passwordRulesAttribute([
      { kind: 'too-short', value: 12, check: { kind: 'min-length', value: 12 } },
      { kind: 'too-long', value: 128, check: { kind: 'max-length', value: 128 } },
      { kind: 'no-lowercase', check: { kind: 'lowercase' } },
      { kind: 'no-uppercase', check: { kind: 'uppercase' } },
      { kind: 'no-number', check: { kind: 'number' } },
      { kind: 'no-symbol', check: { kind: 'symbol' } },
    ]);
    expect(attribute).toBe(
      'minlength: 12; maxlength: 128; required: lower; required: upper; required: digit; required: special;',
    );
  });

  it('leaves out what the attribute has no word for', () => {
    const attribute = passwordRulesAttribute([
      { kind: 'too-few-different', value: 6, check: { kind: 'min-different', value: 6 } },
      { kind: 'contains-user-name', check: { kind: 'not-contain', value: 'alice; minlength: 1' } },
      { kind: 'breached' },
    ]);
    expect(attribute).toBe('');
  });
});

describe('words', () => {
  const keys = Object.keys(passwords);

  it('stand for every rule that a policy can have', () => {
    const strictest = {
      ...{ ...defaultPasswordPolicy, requireLowercaseCharacters: true, requireUppercaseCharacters: true },
      ...{
        requireNumbers: true,
        requireSymbols: true,
        minimumPasswordDifferentCharacter: 3,
        passwordReusePrevention: 2,
      },
    };
    const lax = { ...defaultPasswordPolicy, passwordNotContainUserName: false };
    const rules = [strictest, lax].flatMap((policy) => passwordRules(policy, { breachedPasswords: {} }));
    const told = new Set(rules.map(({ kind }) => `passwords.rule.${kind}`));
    expect(told).toEqual(new Set(keys.filter((key) => key.startsWith('passwords.rule.'))));
  });

  it('are found for what a refused operation says of a password, with the number in it, and for nothing else', () => {
    const faults = [
      weakPassword('/newPassword', { kind: 'too-short', value: 15 }),
      weakPassword('/newPassword', { kind: 'breached' }),
      { pointer: '/other', code: 'InvalidParameter.Other', detail: 'Something else.' },
    ];
    expect(weakPasswordWordings(new AppError('InvalidParameter', 'Weak.', { faults }))).toEqual([
      { key: 'passwords.flaw.too-short', values: { value: 15 } },
      { key: 'passwords.flaw.breached', values: { value: 0 } },
    ]);
    expect(weakPasswordWordings(new AppError('InvalidOldPassword', 'No.'))).toEqual([]);
  });
});
