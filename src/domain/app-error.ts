/**
 * The one vocabulary of refusals. Codes are RAM's where RAM has one (ram-reference: errors); every surface maps them to its
 * own wire shape through a `Record<ErrorCode, …>`, so a new code that a surface forgets does not compile.
 */
export const errorCodes = [
  'InvalidParameter',
  'InvalidParameter.Password.TooWeak',
  'MalformedRequest',
  'InvalidAccessToken',
  'InvalidForm',
  'InvalidOldPassword',
  'NoPermission',
  'CheckAuthenticationCodeFail',
  'EntityNotExist.Account',
  'EntityNotExist.User',
  'EntityNotExist.User.AccessKey',
  'EntityNotExist.User.LoginProfile',
  'EntityNotExist.User.MFADevice',
  'EntityNotExist.User.Session',
  'EntityNotExist.User.Device',
  'EntityNotExist.User.Consent',
  'EntityNotExist.Application',
  'EntityNotExist.Application.Secret',
  'EntityNotExist.Policy',
  'EntityNotExist.User.Policy',
  'EntityNotExist.Resource',
  'EntityAlreadyExists.User',
  'EntityAlreadyExists.User.MFADevice',
  'EntityAlreadyExists.AccountAlias',
  'DeleteConflict.User',
  'DeleteConflict.LastAdministrator',
  'LimitExceeded.User',
  'LimitExceeded.User.AccessKey',
  'LimitExceeded.User.Policy',
  'LimitExceeded.User.MFADevice',
  'LimitExceeded.Application',
  'LimitExceeded.Application.Secret',
  'MalformedPolicyDocument',
  'PreconditionFailed',
  'IdempotencyKeyReused',
  'IdempotentRequestInProgress',
  'EntityNotExist.Group',
  'EntityNotExist.User.Group',
  'EntityNotExist.Group.Policy',
  'EntityNotExist.Policy.Version',
  'EntityNotExist.SigningKey',
  'EntityNotExist.AccountAlias',
  'EntityNotExist.Logo',
  'EntityAlreadyExists.Group',
  'EntityAlreadyExists.Policy',
  'DeleteConflict.Group',
  'DeleteConflict.Policy',
  'DeleteConflict.Policy.Version.Default',
  'DeleteConflict.SigningKey',
  'DeleteConflict.Account',
  'DeleteConflict.AccountAlias',
  'LimitExceeded.Group',
  'LimitExceeded.User.Group',
  'LimitExceeded.Group.Policy',
  'LimitExceeded.Policy',
  'LimitExceeded.Policy.Version',
  'LimitExceeded.SigningKey',
  'LimitExceeded.AccountAlias',
  'StepAnswered',
  'Throttling.User',
  'MethodNotAllowed',
  'NotAcceptable',
  'UnsupportedMediaType',
  'RequestTooLarge',
  'Throttling',
  'ServiceUnavailable',
  'InternalError',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One fault of one input field. `pointer` is an RFC 6901 JSON Pointer into the input (`''` is the whole of it). */
export interface FieldFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Which rule it breaks, for pages, which have words of their own. Never sent. */
  readonly rule?: { readonly kind: string; readonly value: number };
}

interface AppErrorOptions {
  /** Every field fault at once; empty for errors that are not about fields. */
  readonly faults?: readonly FieldFault[];
  /** Seconds after which trying again can help (sent as Retry-After). */
  readonly retryAfterSeconds?: number;
  /** What really happened. Logged, never sent. */
  readonly cause?: unknown;
}

/** A refusal that a surface shows to its caller: `message` is public, `cause` is private. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly faults: readonly FieldFault[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
