import { describe, expect, it } from 'vitest';
import { contrastRatio, mixColours } from '../../../../src/domain/accounts/branding/colours.ts';

describe('contrastRatio', () => {
  // The ratios are those that WCAG's own examples and common checkers give.
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffffff', 8.59],
    ['#00ff00', '#ffffff', 1.37],
  ] as const)('of %s and %s is %d', (one, other, ratio) => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 1);
    expect(contrastRatio(other, one)).toBe(contrastRatio(one, other));
  });

  it('tells the colours apart between which the line is drawn', () => {
    expect(contrastRatio('#767676', '#ffffff')).toBeGreaterThanOrEqual(4.5);
    expect(contrastRatio('#777777', '#ffffff')).toBeLessThan(4.5);
  });
});

describe('mixColours', () => {
  it.each([
    ['#000000', '#ffffff', 0, '#000000'],
    ['#000000', '#ffffff', 1, '#ffffff'],
    ['#000000', '#ffffff', 0.5, '#808080'],
    ['#0b6150', '#ffffff', 0.1, '#237162'],
    ['#010203', '#000000', 0.9, '#000000'],
  ] as const)('of %s and %s by %d is %s', (one, other, share, mixed) => {
    expect(mixColours(one, other, share)).toBe(mixed);
  });
});
