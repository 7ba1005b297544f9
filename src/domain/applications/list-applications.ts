import { z } from 'zod';
import { openCursor, sealCursor } from '../list-cursor.ts';
import type { Operation } from '../operation.ts';
import { lineOfText } from '../users/user-fields.ts';
import { applicationResource } from './application-resource.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import { listApplications as listApplicationRows } from './applications-store.ts';

const listApplicationsInput = z.strictObject({
  q: lineOfText(128).optional(),
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
});

export interface ApplicationPage {
  readonly items: readonly ApplicationView[];
  readonly nextCursor?: string | undefined;
}

/** Applications in the order of their ids; `q` looks into the display name, or is a whole client id. */
export const listApplications: Operation<z.infer<typeof listApplicationsInput>, undefined, ApplicationPage> = {
  name: 'ListApplications',
  action: 'ram:ListApplications',
  effect: 'read',
  input: listApplicationsInput,
  resource: (_input, caller) => applicationResource('*', caller),
  perform: async ({ db, keyRing, caller: { accountId } }, { q, limit, cursor }) => {
    const place = { accountId, list: ['applications', q] };
    const afterClientId = cursor === undefined ? undefined : openCursor(keyRing, cursor, place);
    // One more than asked for tells whether there is a next page.
    const rows = await listApplicationRows(db, accountId, { q, afterClientId, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const items = page.map(viewApplication);
    return rows.length > limit && last !== undefined
      ? { items, nextCursor: sealCursor(keyRing, last.clientId, place) }
      : { items };
  },
};
