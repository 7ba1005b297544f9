import { describe, expect, it } from 'vitest';
import { passwordRulesAttribute } from '../../../src/web/views/password-rules.ts';

describe('passwordRulesAttribute', () => {
  it('tells generators what they can honour', () => {
    const attribute = passwordRulesAttribute([
      { id: 'a', text: 'long', check: { kind: 'min-length', value: 12 } },
      { id: 'b', text: 'not too long', check: { kind: 'max-length', value: 128 } },
      { id: 'c', text: 'lower', check: { kind: 'lowercase' } },
      { id: 'd', text: 'upper', check: { kind: 'uppercase' } },
      { id: 'e', text: 'digit', check: { kind: 'number' } },
      { id: 'f', text: 'sign', check: { kind: 'symbol' } },
    ]);
    expect(attribute).toBe(
      'minlength: 12; maxlength: 128; required: lower; required: upper; required: digit; required: special;',
    );
  });

  it('leaves out what the attribute has no word for', () => {
    const attribute = passwordRulesAttribute([
      { id: 'a', text: 'varied', check: { kind: 'min-different', value: 6 } },
      { id: 'b', text: 'no name', check: { kind: 'not-contain', value: 'alice; minlength: 1' } },
      { id: 'c', text: 'not breached' },
    ]);
    expect(attribute).toBe('');
  });
});
