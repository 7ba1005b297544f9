import type { z } from 'zod';
import { AppError, type FieldFault } from './app-error.ts';

type Issue = z.core.$ZodIssue;

/** How many faults one answer names; a hostile document could otherwise make us answer more than it sent. */
const faultsLimit = 200;

export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** `['users', 0, 'userName']` -> `UserName`: RAM names the field, not where it stands. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.findLast((key) => typeof key === 'string');
  return name === undefined ? 'Body' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The last part of RAM's code. A schema names its own with `refine(…, { params: { fault: 'Format' } })`, or `params: { code }` whole. */
function faultKind(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'Length' : 'Range';
    case 'invalid_format':
      return issue.format === 'regex' ? 'InvalidChars' : 'Format';
    case 'custom':
      return typeof issue.params?.['fault'] === 'string' ? issue.params['fault'] : 'Value';
    case 'invalid_type':
      return 'Type';
    default:
      return 'Value';
  }
}

/** Of alternatives, the one that the input comes nearest to tells what is wrong. */
function faultsOfUnion(issue: Extract<Issue, { code: 'invalid_union' }>): FieldFault[] {
  const misses = (alternative: readonly Issue[]) =>
    alternative.filter(({ code }) => code === 'unrecognized_keys').length;
  const [nearest] = issue.errors.toSorted((left, right) => misses(left) - misses(right) || left.length - right.length);
  return (nearest ?? []).flatMap((inner) => faultsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }));
}

function faultsOfIssue(issue: Issue): FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key]),
      code: 'InvalidParameter.UnknownField',
      detail: 'This field does not exist here.',
    }));
  }
  if (issue.code === 'invalid_union') return faultsOfUnion(issue);
  const pointer = pointerTo(issue.path);
  if (issue.code === 'invalid_type' && issue.path.length > 0 && issue.input === undefined) {
    return [{ pointer, code: `MissingParameter.${fieldName(issue.path)}`, detail: 'This field is required.' }];
  }
  const ownCode: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  const code = typeof ownCode === 'string' ? ownCode : `InvalidParameter.${fieldName(issue.path)}.${faultKind(issue)}`;
  return [{ pointer, code, detail: issue.message }];
}

/** Reads input from outside: answers it typed, or throws `InvalidParameter` that names every fault at once, in RAM's codes. */
export function parseInput<Output>(schema: z.ZodType<Output>, rawInput: unknown): Output {
  // The input in an issue tells "absent" from "of another type"; it is never passed on.
  const result = schema.safeParse(rawInput, { reportInput: true });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(faultsOfIssue).slice(0, faultsLimit);
  throw invalidParameter(faults);
}

const tooWeak = 'InvalidParameter.Password.TooWeak';

/** The refusal that carries these faults. RAM has a code of its own for when the password is all that is wrong. */
export function invalidParameter(faults: readonly FieldFault[]): AppError {
  if (faults.every(({ code }) => code === tooWeak))
    return new AppError(tooWeak, 'This password is too weak; see errors.', { faults });
  return new AppError('InvalidParameter', 'Some fields are not valid; see errors.', { faults });
}
