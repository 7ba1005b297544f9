import {
  type CredentialReportItem,
  getCredentialReport,
} from '../../domain/credential-report/get-credential-report.ts';
import { credentialReportBody, type CredentialReportItemBody } from './credential-report-body.ts';
import { credentialReportCsv } from './credential-report-csv.ts';
import { route, routeGroup } from './route.ts';

export const credentialReportRoutes = routeGroup('Credential report', 'How every user of the account can log on.', [
  route('GET /credential-report', getCredentialReport, {
    summary: 'Read the credential report',
    description: "A CSV file with RAM's columns and a row a user, unless JSON is asked for.",
    answer: credentialReportBody,
    present: ({ items, mostAccessKeys, nextCursor }) => ({ items: items.map(presentItem), mostAccessKeys, nextCursor }),
    wholeAs: credentialReportCsv,
    example: { query: { format: 'json' } },
  }),
]);

function presentItem(item: CredentialReportItem): CredentialReportItemBody {
  const { password } = item;
  return {
    userName: item.userName,
    logonName: item.logonName,
    createdAt: item.createdAt,
    lastLogonAt: item.lastLogonAt,
    password: password && {
      active: password.active,
      lastChangedAt: password.lastChangedAt,
      nextRotationAt: password.nextRotationAt,
    },
    mfaActive: item.mfaActive,
    accessKeys: item.accessKeys.map((key) => ({
      accessKeyId: key.accessKeyId,
      active: key.active,
      lastRotatedAt: key.lastRotatedAt,
      lastUsedAt: key.lastUsedAt,
    })),
  };
}
