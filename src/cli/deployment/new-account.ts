import type { Config } from '../../config/config.ts';
import type { NewAccountHandover } from '../../domain/accounts/create-account.ts';
import { formatHandover } from '../text.ts';

/** What the first administrator is handed over. */
export const formatNewAccount = (
  { logonDomain }: Pick<Config, 'logonDomain'>,
  { publicUrl, alias, adminUserName, initialPassword, accessKeyId, accessKeySecret }: NewAccountHandover,
): string =>
  formatHandover({
    logonUrl: `${publicUrl}/${alias}`,
    logonName: `${adminUserName}@${alias}.${logonDomain}`,
    initialPassword,
    accessKey: { id: accessKeyId, secret: accessKeySecret },
  });
