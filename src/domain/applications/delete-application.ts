import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { clientIdField } from './application-fields.ts';
import { applicationResource, noSuchApplication } from './application-resource.ts';
import { deleteApplication as deleteApplicationRow } from './applications-store.ts';

const deleteApplicationInput = z.strictObject({ clientId: clientIdField });

/** Its secrets go too, and whatever was issued to it is dead from this moment: each use looks for the row. */
export const deleteApplication: Operation<z.infer<typeof deleteApplicationInput>, undefined, undefined> = {
  name: 'DeleteApplication',
  action: 'ram:DeleteApplication',
  effect: 'change',
  input: deleteApplicationInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  perform: async ({ db, caller }, { clientId }) => {
    if (!(await deleteApplicationRow(db, caller.accountId, clientId))) throw noSuchApplication();
    return undefined;
  },
};
