import type { AppError, ErrorCode } from '../../domain/app-error.ts';
import type { Wording } from './translate.ts';

/** Refusals that people can meet on pages. What programs alone can do wrong has English words in their answers and none here. */
const worded: Partial<Record<ErrorCode, Wording>> = {
  CheckAuthenticationCodeFail: 'portal.refused.wrong-proof',
  'DeleteConflict.LastAdministrator': 'portal.refused.last-administrator',
  'EntityAlreadyExists.User.MFADevice': 'portal.refused.passkey-known',
  'EntityNotExist.User.AccessKey': 'portal.refused.gone',
  'EntityNotExist.User.Consent': 'portal.refused.gone',
  'EntityNotExist.User.Device': 'portal.refused.gone',
  'EntityNotExist.User.MFADevice': 'portal.refused.gone',
  'EntityNotExist.User.Session': 'portal.refused.gone',
  InvalidForm: 'error.form-refused',
  InvalidOldPassword: 'portal.refused.wrong-password',
  'LimitExceeded.User.AccessKey': 'portal.refused.too-many-keys',
  'LimitExceeded.User.MFADevice': 'portal.refused.too-many-devices',
  MalformedRequest: 'error.malformed',
  NoPermission: 'error.no-permission',
  PreconditionFailed: 'portal.refused.changed-meanwhile',
  RequestTooLarge: 'error.too-large',
  ServiceUnavailable: 'error.busy',
  StepAnswered: 'error.answered-already',
  Throttling: 'error.throttled',
  UnsupportedMediaType: 'error.malformed',
};

/** What a page says of a refusal. */
export const errorWording = ({ code }: AppError): Wording => worded[code] ?? 'error.refused';
