import { AppError, type ErrorCode, type FieldFault } from '../../domain/app-error.ts';

/** An error as `application/problem+json` (RFC 9457) tells it. */
export interface Problem {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly Omit<FieldFault, 'rule'>[];
  readonly retryAfterSeconds?: number | undefined;
}

/** RAM's statuses: limits are conflicts, not 429. */
const statuses: Readonly<Record<ErrorCode, number>> = {
  InvalidParameter: 400,
  'InvalidParameter.Password.TooWeak': 400,
  MalformedRequest: 400,
  InvalidAccessToken: 401,
  InvalidForm: 403,
  InvalidOldPassword: 400,
  NoPermission: 403,
  CheckAuthenticationCodeFail: 403,
  'EntityNotExist.Account': 404,
  'EntityNotExist.User': 404,
  'EntityNotExist.User.AccessKey': 404,
  'EntityNotExist.User.LoginProfile': 404,
  'EntityNotExist.User.MFADevice': 404,
  'EntityNotExist.User.Session': 404,
  'EntityNotExist.User.Device': 404,
  'EntityNotExist.User.Consent': 404,
  'EntityNotExist.Application': 404,
  'EntityNotExist.Application.Secret': 404,
  'EntityNotExist.Policy': 404,
  'EntityNotExist.User.Policy': 404,
  'EntityNotExist.Resource': 404,
  'EntityAlreadyExists.User': 409,
  'EntityAlreadyExists.User.MFADevice': 409,
  'EntityAlreadyExists.AccountAlias': 409,
  'DeleteConflict.User': 409,
  'DeleteConflict.LastAdministrator': 409,
  'LimitExceeded.User': 409,
  'LimitExceeded.User.AccessKey': 409,
  'LimitExceeded.User.Policy': 409,
  'LimitExceeded.User.MFADevice': 409,
  'LimitExceeded.Application': 409,
  'LimitExceeded.Application.Secret': 409,
  MalformedPolicyDocument: 400,
  PreconditionFailed: 412,
  IdempotencyKeyReused: 422,
  IdempotentRequestInProgress: 409,
  'EntityNotExist.Group': 404,
  'EntityNotExist.User.Group': 404,
  'EntityNotExist.Group.Policy': 404,
  'EntityNotExist.Policy.Version': 404,
  'EntityNotExist.SigningKey': 404,
  'EntityNotExist.AccountAlias': 404,
  'EntityNotExist.Logo': 404,
  'EntityAlreadyExists.Group': 409,
  'EntityAlreadyExists.Policy': 409,
  'DeleteConflict.Group': 409,
  'DeleteConflict.Policy': 409,
  'DeleteConflict.Policy.Version.Default': 409,
  'DeleteConflict.SigningKey': 409,
  'DeleteConflict.Account': 409,
  'DeleteConflict.AccountAlias': 409,
  'LimitExceeded.Group': 409,
  'LimitExceeded.User.Group': 409,
  'LimitExceeded.Group.Policy': 409,
  'LimitExceeded.Policy': 409,
  'LimitExceeded.Policy.Version': 409,
  'LimitExceeded.SigningKey': 409,
  'LimitExceeded.AccountAlias': 409,
  StepAnswered: 400,
  'Throttling.User': 429,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  UnsupportedMediaType: 415,
  RequestTooLarge: 413,
  Throttling: 429,
  ServiceUnavailable: 503,
  InternalError: 500,
};

/** The status that a code is answered with. */
export const statusOf = (code: ErrorCode): number => statuses[code];

export const problemOf = (error: AppError): Problem => ({
  status: statuses[error.code],
  code: error.code,
  detail: error.message,
  errors: error.faults.map(({ rule: _forPages, ...fault }) => fault),
  retryAfterSeconds: error.retryAfterSeconds,
});

/** The one text for whatever we did not expect: says nothing of what happened. */
export const unexpectedProblem: Problem = {
  status: 500,
  code: 'InternalError',
  detail: 'Something went wrong on our side; the log tells more under this request id.',
  errors: [],
};
