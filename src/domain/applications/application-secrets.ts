import { z } from 'zod';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { clientIdField, secretIdField } from './application-fields.ts';
import { applicationResource, noSuchApplication } from './application-resource.ts';
import { isConfidential } from './application-rules.ts';
import * as store from './applications-store.ts';
import { addSecret, type NewApplicationSecret } from './new-secret.ts';

async function lockOwnApplication({ db, caller }: OperationContext, clientId: string): Promise<store.Application> {
  const row = await store.lockApplication(db, caller.accountId, clientId);
  if (row === undefined) throw noSuchApplication();
  return row;
}

const createSecretInput = z.strictObject({
  clientId: clientIdField,
  options: z.strictObject({
    /** A leaked secret is replaced in one step: the ones there are now end at once. */
    removeOthers: z.boolean().default(false),
  }),
});

export const createApplicationSecret: Operation<z.infer<typeof createSecretInput>, undefined, NewApplicationSecret> = {
  name: 'CreateApplicationSecret',
  action: 'ram:CreateApplicationSecret',
  effect: 'change',
  input: createSecretInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  alsoRequires: ({ clientId, options: { removeOthers } }, caller) =>
    removeOthers ? [{ action: 'ram:DeleteApplicationSecret', resource: applicationResource(clientId, caller) }] : [],
  perform: async (context, { clientId, options: { removeOthers } }) => {
    const row = await lockOwnApplication(context, clientId);
    if (!isConfidential(row.type)) {
      throw new AppError('InvalidParameter', 'An application of this type cannot keep a secret, so it has none.');
    }
    if (removeOthers) await store.deleteAllApplicationSecrets(context.db, clientId);
    const { secretsPerApplicationQuota: most } = await loadQuotas(context.db, context.caller.accountId);
    if ((await store.listApplicationSecrets(context.db, clientId)).length >= most) {
      const message = `An application has at most ${most} secrets; delete one first.`;
      throw new AppError('LimitExceeded.Application.Secret', message);
    }
    const secret = await addSecret(context.db, row);
    await store.touchApplication(context.db, clientId);
    return secret;
  },
  auditDetails: ({ options: { removeOthers } }, { secret }) => ({ secretId: secret.secretId, removeOthers }),
};

const listSecretsInput = z.strictObject({ clientId: clientIdField });

interface ApplicationSecretList {
  readonly items: readonly store.ApplicationSecret[];
}

/** The secrets that are good now: what they are called and when they end, never their value. */
export const listApplicationSecrets: Operation<z.infer<typeof listSecretsInput>, undefined, ApplicationSecretList> = {
  name: 'ListApplicationSecrets',
  action: 'ram:ListApplicationSecrets',
  effect: 'read',
  input: listSecretsInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  perform: async ({ db, caller }, { clientId }) => {
    const row = await store.findAccountApplication(db, caller.accountId, clientId);
    if (row === undefined) throw noSuchApplication();
    return { items: await store.listApplicationSecrets(db, clientId) };
  },
};

const deleteSecretInput = z.strictObject({ clientId: clientIdField, secretId: secretIdField });

export const deleteApplicationSecret: Operation<z.infer<typeof deleteSecretInput>, undefined, undefined> = {
  name: 'DeleteApplicationSecret',
  action: 'ram:DeleteApplicationSecret',
  effect: 'change',
  input: deleteSecretInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  perform: async (context, { clientId, secretId }) => {
    await lockOwnApplication(context, clientId);
    if (!(await store.deleteApplicationSecret(context.db, clientId, secretId))) {
      throw new AppError('EntityNotExist.Application.Secret', 'This secret does not exist.');
    }
    await store.touchApplication(context.db, clientId);
    return undefined;
  },
  auditDetails: ({ secretId }) => ({ secretId }),
};
