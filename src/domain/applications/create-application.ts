import { newPrefixedId } from '../../crypto/random-ids.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation } from '../operation.ts';
import { applicationResource, grantsOf } from './application-resource.ts';
import { type ApplicationSettings, applicationSettings, isConfidential } from './application-rules.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import { countApplications, insertApplication } from './applications-store.ts';
import { addSecret } from './new-secret.ts';

export interface CreatedApplication {
  readonly application: ApplicationView;
  /** Of applications that can keep one; shown this once. */
  readonly clientSecret?: string;
}

export const createApplication: Operation<ApplicationSettings, undefined, CreatedApplication> = {
  name: 'CreateApplication',
  action: 'ram:CreateApplication',
  effect: 'change',
  input: applicationSettings,
  resource: (_input, caller) => applicationResource('*', caller),
  alsoRequires: (settings, caller) => grantsOf(settings, applicationResource('*', caller)),
  perform: async ({ db, caller: { accountId } }, settings) => {
    await lockAccount(db, accountId);
    const { applicationsQuota: most } = await loadQuotas(db, accountId);
    if ((await countApplications(db, accountId)) >= most) {
      throw new AppError('LimitExceeded.Application', `An account has at most ${most} applications.`);
    }
    const row = await insertApplication(db, { ...settings, accountId, clientId: newPrefixedId('app') });
    if (row === undefined) throw new Error('inserting an application answered no row');
    const application = viewApplication(row);
    if (!isConfidential(row.type)) return { application };
    return { application, clientSecret: (await addSecret(db, row)).clientSecret };
  },
  auditDetails: ({ type, apiAccess, firstParty, pkceRequired }, { application }) => ({
    clientId: application.clientId,
    type,
    apiAccess,
    firstParty,
    pkceRequired,
  }),
};
