import { describe, expect, it } from 'vitest';
import { bareName, durationInWords, formatInstant, groupByFour } from '../../../src/web/views/wording.ts';

describe('durationInWords', () => {
  it.each([
    [0, '1 second'],
    [1, '1 second'],
    [44.2, '45 seconds'],
    [60, '1 minute'],
    [61, '2 minutes'],
    [3600, '1 hour'],
    [3601, '2 hours'],
  ])('never promises less than %d seconds', (seconds, words) => {
    expect(durationInWords(seconds)).toBe(words);
  });
});

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

describe('formatInstant', () => {
  it('names the zone, whatever zone the server runs in', () => {
    expect(formatInstant(new Date('2026-11-22T06:19:59Z'))).toBe('22 Nov 2026, 06:19 UTC');
  });
});
