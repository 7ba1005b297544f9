import type { AppError } from '../../domain/app-error.ts';
import type { Form } from '../http/form-body.ts';
import { errorWording } from '../views/error-wording.ts';
import type { PageFault } from '../views/pages/portal-pages.ts';
import type { Wording } from '../views/translate.ts';

/** What a page says of a form that was refused. */
export interface Refusal {
  readonly faults: readonly PageFault[];
  readonly retryAfterSeconds?: number | undefined;
}

/** The field behind a part of an operation's input, by JSON Pointer (or by the fault's code, where that is about the whole), and what it must be like. What no person types has none. */
const fieldsOfInput: Readonly<Record<string, { readonly field: string; readonly message: Wording }>> = {
  '/oldPassword': { field: 'old_password', message: 'portal.fault.password' },
  '/password': { field: 'password', message: 'portal.fault.password' },
  '/name': { field: 'name', message: 'portal.fault.name' },
  '/code': { field: 'code', message: 'portal.fault.code' },
  '/authenticationCode1': { field: 'code_1', message: 'portal.fault.code' },
  '/authenticationCode2': { field: 'code_2', message: 'portal.fault.code' },
  'MissingParameter.Password': { field: 'password', message: 'portal.fault.password' },
  'MissingParameter.Code': { field: 'code', message: 'portal.fault.code' },
  '/response': { field: 'passkey', message: 'portal.fault.passkey' },
};

/** Fields that a refusal as a whole can be about: the first that the page has. */
const fieldsOfCodes: Readonly<Record<string, readonly string[]>> = {
  InvalidOldPassword: ['old_password', 'password'],
  CheckAuthenticationCodeFail: ['code', 'code_1', 'passkey'],
};

/** How a domain refusal reads on the page that this form came from: it has the fields that were sent. */
export function refusalOf(error: AppError, form: Form): Refusal {
  const { retryAfterSeconds } = error;
  const isThere = (field: string): boolean => form.has(field === 'passkey' ? 'passkey_response' : field);
  const faults = error.faults.flatMap(({ pointer, code }): PageFault[] => {
    const known = fieldsOfInput[pointer] ?? fieldsOfInput[code];
    if (known === undefined) return [];
    return [isThere(known.field) ? known : { message: known.message }];
  });
  if (faults.length > 0) return { faults, retryAfterSeconds };
  const field = fieldsOfCodes[error.code]?.find(isThere);
  return { faults: [{ message: errorWording(error), field }], retryAfterSeconds };
}
