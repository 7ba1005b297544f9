import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../domain/app-error.ts';
import type { Precondition } from './api-request.ts';

/** What the headers say of when a change is to be made (RFC 9110 section 13). */
export const preconditionOf = (headers: IncomingHttpHeaders): Precondition => ({
  ifMatch: headers['if-match'],
  ifNoneMatch: headers['if-none-match'],
});

/**
 * The client's name for this request (draft-ietf-httpapi-idempotency-key-header): 1 to 255 printable ASCII characters. Throws `InvalidParameter`.
 */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\u0021-\u007e](?:[\u0020-\u007e]{0,253}[\u0021-\u007e])?$/.test(key)) return key;
  const detail = 'The header Idempotency-Key has 1 to 255 printable ASCII characters.';
  const faults = [{ pointer: '', code: 'InvalidParameter.IdempotencyKey.Format', detail }];
  throw new AppError('InvalidParameter', detail, { faults });
}
