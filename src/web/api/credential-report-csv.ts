import type { CredentialReportBody, CredentialReportItemBody } from './credential-report-body.ts';
import { csvLine, csvText, csvType } from './csv.ts';
import type { WholeForm } from './whole-form.ts';

/** RAM has columns for two keys, and names the surplus ones so. */
const usualKeys = 2;

const keyColumns = ['exist', 'active', 'last_rotated', 'last_used'] as const;

const keyPrefix = (at: number): string =>
  at < usualKeys ? `access_key_${at + 1}_` : `additional_access_key_${at - usualKeys + 1}_`;

const userColumns = [
  'user',
  'user_creation_time',
  'user_last_logon',
  'password_exist',
  'password_active',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
] as const;

const keysOf = (mostAccessKeys: number): readonly number[] =>
  Array.from({ length: Math.max(usualKeys, mostAccessKeys) }, (_none, at) => at);

/** RAM's credential report: its columns, and `N/A` where one does not apply, `-` for never. */
export const credentialReportCsv: WholeForm = {
  format: 'csv',
  mediaType: csvType,
  isUsual: true,
  head: (first) => {
    const { mostAccessKeys } = first as CredentialReportBody;
    const keys = keysOf(mostAccessKeys).flatMap((at) => keyColumns.map((column) => `${keyPrefix(at)}${column}`));
    return csvLine([...userColumns, ...keys]);
  },
  line: (item, first) => {
    const user = item as CredentialReportItemBody;
    const keys = keysOf((first as CredentialReportBody).mostAccessKeys).flatMap((at) => keyFields(user.accessKeys[at]));
    return csvLine([...userFields(user), ...keys]);
  },
};

const notApplicable = 'N/A';
const flag = (value: boolean): string => (value ? 'TRUE' : 'FALSE');
const time = (value: Date | null): string => value?.toISOString() ?? '-';

const userFields = ({ logonName, createdAt, lastLogonAt, password, mfaActive }: CredentialReportItemBody): string[] => [
  csvText(logonName),
  time(createdAt),
  time(lastLogonAt),
  flag(password !== null),
  password === null ? notApplicable : flag(password.active),
  password === null ? notApplicable : time(password.lastChangedAt),
  password === null ? notApplicable : time(password.nextRotationAt),
  flag(mfaActive),
];

const keyFields = (key: CredentialReportItemBody['accessKeys'][number] | undefined): string[] =>
  key === undefined
    ? [flag(false), notApplicable, notApplicable, notApplicable]
    : [flag(true), flag(key.active), time(key.lastRotatedAt), time(key.lastUsedAt)];
