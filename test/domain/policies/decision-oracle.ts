/**
 * The policy language a second time, from its specification alone and as plainly as can be: nothing is prepared, texts are matched letter by
 * letter, addresses are compared as strings of bits. It shares no code with src/.
 */
interface OracleStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

export interface OraclePolicy {
  readonly shipped: boolean;
  readonly statements: readonly OracleStatement[];
}

export interface OracleRequest {
  readonly action: string;
  readonly resource: string;
  readonly sourceIp: string | undefined;
  readonly mfaPresent: boolean;
  readonly secureTransport: boolean;
  readonly time: string;
  readonly targetIsAdministrator: boolean | undefined;
}

export function oracleDecision(policies: readonly OraclePolicy[], request: OracleRequest): string {
  const matching = policies.flatMap(({ shipped, statements }) =>
    statements.filter((statement) => matches(statement, shipped, request)).map(({ Effect: effect }) => effect),
  );
  if (matching.includes('Deny')) return 'explicitDeny';
  return matching.includes('Allow') ? 'allow' : 'implicitDeny';
}

const several = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function matches(statement: OracleStatement, shipped: boolean, request: OracleRequest): boolean {
  const { Effect: effect, Condition: condition = {} } = statement;
  return (
    several(statement.Action).some((pattern) => actionFits(String(pattern), effect, shipped, request.action)) &&
    several(statement.Resource).some((pattern) => fits(withRegion(String(pattern)), withRegion(request.resource))) &&
    Object.entries(condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => met(operator, key, several(values), { effect, request })),
    )
  );
}

function actionFits(pattern: string, effect: string, shipped: boolean, action: string): boolean {
  const ofPlatform = action.toLowerCase().slice(0, 8) === 'postern:';
  if (ofPlatform && effect === 'Allow' && (!shipped || pattern.toLowerCase().slice(0, 8) !== 'postern:')) return false;
  return fits(pattern.toLowerCase(), action.toLowerCase());
}

/** `acs:ram::1:x` is `acs:ram:*:1:x`. */
function withRegion(resource: string): string {
  const parts = resource.toLowerCase().split(':');
  return parts[0] === 'acs' && parts.length > 3 && parts[2] === ''
    ? [parts[0], parts[1], '*', ...parts.slice(3)].join(':')
    : parts.join(':');
}

function fits(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return fits(pattern.slice(1), text) || (text !== '' && fits(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && fits(pattern.slice(1), text.slice(1));
}

function met(
  operator: string,
  key: string,
  values: readonly unknown[],
  { effect, request }: { readonly effect: string; readonly request: OracleRequest },
): boolean {
  const negated = operator.includes('Not');
  const bits = request.sourceIp === undefined ? undefined : addressBits(request.sourceIp);
  const present =
    key === 'acs:SourceIp' ? bits : key === 'postern:TargetIsAdministrator' ? request.targetIsAdministrator : '';
  if (present === undefined) return negated && effect === 'Deny';
  const one = values.some((value) => valueMet(operator, key, value, request));
  return negated ? !one : one;
}

function valueMet(operator: string, key: string, value: unknown, request: OracleRequest): boolean {
  switch (key) {
    case 'acs:SourceIp':
      return inBlock(String(value), request.sourceIp ?? '');
    case 'acs:MFAPresent':
      return String(value) === String(request.mfaPresent);
    case 'acs:SecureTransport':
      return String(value) === String(request.secureTransport);
    case 'postern:TargetIsAdministrator':
      return String(value) === String(request.targetIsAdministrator);
    default:
      return dateMet(operator, secondsOf(request.time) - secondsOf(String(value)));
  }
}

function dateMet(operator: string, difference: number): boolean {
  switch (operator) {
    case 'DateEquals':
    case 'DateNotEquals':
      return difference === 0;
    case 'DateLessThan':
      return difference < 0;
    case 'DateLessThanEquals':
      return difference <= 0;
    case 'DateGreaterThan':
      return difference > 0;
    default:
      return difference >= 0;
  }
}

/** Seconds since the year 0, counted day by day of a calendar. */
function secondsOf(text: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.slice(0, 19).split(/\D/).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const months = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const leapDays = Math.ceil(year / 4) - Math.ceil(year / 100) + Math.ceil(year / 400);
  const days = year * 365 + leapDays + months.slice(0, month - 1).reduce((sum, length) => sum + length, 0) + day;
  const zone = text.endsWith('Z') ? '+00:00' : text.slice(-6);
  const offset = (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  return ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
}

const binary = (number: number, digits: number): string => number.toString(2).padStart(digits, '0');

/** 32 or 128 digits; a mapped IPv4 address has the 32 of its own. */
function addressBits(text: string): string {
  const all = rawBits(text);
  return all.length === 128 && /^0{80}1{16}/.test(all) ? all.slice(96) : all;
}

function rawBits(text: string): string {
  if (!text.includes(':'))
    return text
      .split('.')
      .map((part) => binary(Number(part), 8))
      .join('');
  const half = (part: string) =>
    part
      .split(':')
      .filter((group) => group !== '')
      .map((group) => (group.includes('.') ? rawBits(group) : binary(Number.parseInt(group, 16), 16)))
      .join('');
  const [before = '', after = ''] = text.split('::').map(half);
  return `${before}${'0'.repeat(128 - before.length - after.length)}${after}`;
}

function inBlock(block: string, address: string): boolean {
  const [network = '', prefix] = block.split('/');
  const raw = rawBits(network);
  const length = prefix === undefined ? raw.length : Number(prefix);
  const mapped = raw.length === 128 && length >= 96 && /^0{80}1{16}/.test(raw);
  const wanted = (mapped ? raw.slice(96) : raw).slice(0, mapped ? length - 96 : length);
  const bits = addressBits(address);
  return bits.length === (mapped ? 32 : raw.length) && bits.startsWith(wanted);
}
