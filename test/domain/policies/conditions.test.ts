import { describe, expect, test } from 'vitest';
import { contains, parseAddress, parseNetwork } from '../../../src/domain/addresses.ts';
import { parseInstant } from '../../../src/domain/policies/conditions/instants.ts';
import { conditionOperators } from '../../../src/domain/policies/conditions/operators.ts';

describe('operators', () => {
  /** Of a negated operator the test is that of its positive twin: none of the values may pass it. */
  const cases: readonly [string, unknown, string | number | boolean, boolean][] = [
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringNotEquals', 'a', 'a', true],
    ['StringEqualsIgnoreCase', 'Ab', 'aB', true],
    ['StringNotEqualsIgnoreCase', 'Ab', 'ac', false],
    ['StringLike', 'a*c?', 'abbcd', true],
    ['StringLike', 'a*', 'Ab', false],
    ['StringNotLike', 'a*', 'ab', true],
    ['NumericEquals', '10', 10, true],
    ['NumericEquals', 10.5, 10, false],
    ['NumericNotEquals', 10, 10, true],
    ['NumericLessThan', '-1.5', -2, true],
    ['NumericLessThan', 1, 1, false],
    ['NumericLessThanEquals', 1, 1, true],
    ['NumericGreaterThan', 1, 1, false],
    ['NumericGreaterThan', 1, 2, true],
    ['NumericGreaterThanEquals', 1, 1, true],
    ['DateEquals', '1970-01-01T00:00:01Z', 1000, true],
    ['DateEquals', '1970-01-01T08:00:01+08:00', 1000, true],
    ['DateNotEquals', '1970-01-01T00:00:01Z', 1001, false],
    ['DateLessThan', '1970-01-01T00:00:01Z', 999, true],
    ['DateLessThanEquals', '1970-01-01T00:00:01Z', 1000, true],
    ['DateGreaterThan', '1970-01-01T00:00:01Z', 1000, false],
    ['DateGreaterThanEquals', '1970-01-01T00:00:01Z', 1000, true],
    ['Bool', 'true', true, true],
    ['Bool', false, true, false],
  ];

  test.each(cases)('%s %j against %j is %s', (name, written, actual, expected) => {
    expect(conditionOperators.get(name)?.compile(written)?.(actual)).toBe(expected);
  });

  test('those with Not in their names are negated, and no others', () => {
    for (const [name, { negated }] of conditionOperators) expect([name, negated]).toEqual([name, name.includes('Not')]);
    expect(conditionOperators.size).toBe(21);
  });

  test.each([
    ['StringEquals', 1],
    ['StringLike', true],
    ...['', ' 1', '1e3', '0x10', '1.', 'Infinity', 'NaN', Number.NaN, true, null].map((value) => [
      'NumericEquals',
      value,
    ]),
    ...['True', '1', 1, '', null, 'yes'].map((value) => ['Bool', value]),
    ...[1, null, true, {}, []].map((value) => ['IpAddress', value]),
    ...[0, null, true, {}].map((value) => ['DateEquals', value]),
  ] as [string, unknown][])('%s does not read %j', (name, written) => {
    expect(conditionOperators.get(name)?.compile(written)).toBeUndefined();
  });
});

describe('networks', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.77/24', '192.0.2.1', true],
    ['255.255.255.255/1', '128.0.0.0', true],
    ['255.255.255.255/1', '127.255.255.255', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '192.0.2.7', false],
    ['2001:db8::/32', '2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:0db8:0:0:0:0:0:1', '2001:db8::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0', true],
    ['64:ff9b::192.0.2.7', '64:ff9b::c000:207', true],
    ['192.0.2.0/24', '::ffff:192.0.2.7', true],
    ['192.0.2.0/24', '::ffff:c000:207', true],
    ['192.0.2.0/24', '::FFFF:C000:0207', true],
    ['::ffff:192.0.2.0/120', '192.0.2.7', true],
    ['::ffff:192.0.2.0/120', '192.0.3.7', false],
    ['::ffff:0:0/96', '203.0.113.1', true],
    ['::ffff:0:0/95', '203.0.113.1', false],
    ['::192.0.2.7', '192.0.2.7', false],
  ])('%s holds %s: %s', (network, address, expected) => {
    const [block, one] = [parseNetwork(network), parseAddress(address)];
    if (block === undefined || one === undefined) throw new Error('not read');
    expect(contains(block, one)).toBe(expected);
  });

  test.each([
    ...['', ' ', '10', '10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.1/', '10.0.0.1/33', '10.0.0.1/-1', '10.0.0.1/08'],
    ...[
      '10.0.0.1/8/8',
      '10.0.0.1/0x8',
      '10.0.0.1/1e1',
      '10.0.0.1/ 8',
      '::/129',
      ':::',
      '1::2::3',
      'fe80::1%eth0',
      '*',
      '10.*',
    ],
    ...['localhost', '１０.0.0.1', '10.0.0.1\n'],
  ])('%j is no network', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  test.each(['10.0.0.0/8', '', 'unknown', '10.0.0.1:443', '[::1]', '10.0.0.1, 10.0.0.2'])(
    '%j is no address',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe('dates', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.5Z', 500],
    ['1970-01-01T00:00:00.123456789Z', 123],
    ['1970-01-01T08:00:00+08:00', 0],
    ['1969-12-31T18:30:00-05:30', 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  test.each([
    ...[
      '2026-02-29T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-01T00:00:00Z',
      '2026-01-00T00:00:00Z',
    ],
    ...['2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z', '2026-01-01T00:00:60Z', '2026-01-01T00:00:00+24:00'],
    ...[
      '2026-01-01T00:00Z',
      '2026-01-01',
      '2026-01-01T00:00:00',
      '2026-01-01 00:00:00Z',
      '+02026-01-01T00:00:00Z',
      '0',
      '',
      'now',
    ],
    ...['2026-01-01T00:00:00Z\n', ' 2026-01-01T00:00:00Z', '2026-1-1T0:0:0Z'],
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
