import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { clientIdField } from './application-fields.ts';
import { applicationResource, noSuchApplication } from './application-resource.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import { findAccountApplication } from './applications-store.ts';

const getApplicationInput = z.strictObject({ clientId: clientIdField });

export const getApplication: Operation<z.infer<typeof getApplicationInput>, undefined, ApplicationView> = {
  name: 'GetApplication',
  action: 'ram:GetApplication',
  effect: 'read',
  input: getApplicationInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  perform: async ({ db, caller }, { clientId }) => {
    const row = await findAccountApplication(db, caller.accountId, clientId);
    if (row === undefined) throw noSuchApplication();
    return viewApplication(row);
  },
};
