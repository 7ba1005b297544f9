import { compileWildcard } from '../wildcard.ts';
import { type Address, contains, parseNetwork } from '../../addresses.ts';
import { parseInstant } from './instants.ts';

/** What a key tells of a request. Instants are milliseconds since 1970. */
export type AttributeValue = string | number | boolean | Address;

export type ConditionType = 'text' | 'number' | 'instant' | 'boolean' | 'address';

/** Whether what the request has is what was written. */
export type ValueTest = (actual: AttributeValue) => boolean;

export interface ConditionOperator {
  readonly type: ConditionType;
  /** Holds when none of the values is met, instead of when one is. */
  readonly negated: boolean;
  /** A test for one value as written; undefined when it cannot be read. */
  readonly compile: (written: unknown) => ValueTest | undefined;
}

type Comparison<T> = (actual: T, written: T) => boolean;

const readText = (written: unknown): string | undefined => (typeof written === 'string' ? written : undefined);

function readNumber(written: unknown): number | undefined {
  const number = typeof written === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(written) ? Number(written) : written;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const readInstant = (written: unknown): number | undefined =>
  typeof written === 'string' ? parseInstant(written) : undefined;

function readBoolean(written: unknown): boolean | undefined {
  if (typeof written === 'boolean') return written;
  return written === 'true' || written === 'false' ? written === 'true' : undefined;
}

/** The validator lets an operator meet a key of its own type alone, so what a test is given has the type that it compares. */
const operator = <T extends AttributeValue>(
  type: ConditionType,
  read: (written: unknown) => T | undefined,
  compare: Comparison<T>,
): ConditionOperator => ({
  type,
  negated: false,
  compile: (written) => {
    const value = read(written);
    return value === undefined ? undefined : (actual) => compare(actual as T, value);
  },
});

const not = (positive: ConditionOperator): ConditionOperator => ({ ...positive, negated: true });

const same = operator('text', readText, (actual, written) => actual === written);
const sameIgnoringCase = operator(
  'text',
  readText,
  (actual, written) => actual.toLowerCase() === written.toLowerCase(),
);

const like: ConditionOperator = {
  type: 'text',
  negated: false,
  compile: (written) => (typeof written === 'string' ? (compileWildcard(written) as ValueTest) : undefined),
};

const inNetwork: ConditionOperator = {
  type: 'address',
  negated: false,
  compile: (written) => {
    const network = typeof written === 'string' ? parseNetwork(written) : undefined;
    return network === undefined ? undefined : (actual) => contains(network, actual as Address);
  },
};

const ordered = (prefix: string, type: ConditionType, read: (written: unknown) => number | undefined) => {
  const equals = operator(type, read, (actual, written) => actual === written);
  const rows: [string, ConditionOperator][] = [
    ['Equals', equals],
    ['NotEquals', not(equals)],
    ['LessThan', operator(type, read, (actual, written) => actual < written)],
    ['LessThanEquals', operator(type, read, (actual, written) => actual <= written)],
    ['GreaterThan', operator(type, read, (actual, written) => actual > written)],
    ['GreaterThanEquals', operator(type, read, (actual, written) => actual >= written)],
  ];
  return rows.map(([suffix, row]): [string, ConditionOperator] => [`${prefix}${suffix}`, row]);
};

/** RAM's operators (policy language: condition operators). */
export const conditionOperators: ReadonlyMap<string, ConditionOperator> = new Map([
  ['StringEquals', same],
  ['StringNotEquals', not(same)],
  ['StringEqualsIgnoreCase', sameIgnoringCase],
  ['StringNotEqualsIgnoreCase', not(sameIgnoringCase)],
  ['StringLike', like],
  ['StringNotLike', not(like)],
  ...ordered('Numeric', 'number', readNumber),
  ...ordered('Date', 'instant', readInstant),
  ['Bool', operator('boolean', readBoolean, (actual, written) => actual === written)],
  ['IpAddress', inNetwork],
  ['NotIpAddress', not(inNetwork)],
]);
