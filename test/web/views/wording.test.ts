import { describe, expect, it } from 'vitest';
import { bareName, groupByFour } from '../../../src/web/views/wording.ts';

describe('groupByFour', () => {
  it.each([
    ['', ''],
    ['ABCD', 'ABCD'],
    ['ABCDE', 'ABCD E'],
    ['ABCDEFGHIJ', 'ABCD EFGH IJ'],
  ])('shows %j as %j', (text, grouped) => {
    expect(groupByFour(text)).toBe(grouped);
  });
});

describe('bareName', () => {
  it.each([
    ['alice', 'alice'],
    ['alice@acme', 'alice'],
    ['Alice@ACME', 'Alice'],
    ['alice@other', 'alice@other'],
    ['alice@not-acme', 'alice@not-acme'],
    ['', ''],
  ])('of %j at acme is %j', (name, bare) => {
    expect(bareName(name, 'acme')).toBe(bare);
  });
});
