import { z } from 'zod';
import { openCursor, sealCursor } from '../list-cursor.ts';
import type { Operation } from '../operation.ts';
import { lineOfText } from './user-fields.ts';
import { userResource } from './user-resource.ts';
import { logonAddresses, type UserView, viewUser } from './user-view.ts';
import { listUsers as listUserRows } from './users-store.ts';

/** RAM: 1 to 1000 a page, 100 unless told. */
const listUsersInput = z.strictObject({
  q: lineOfText(128).optional(),
  status: z.enum(['active', 'frozen']).optional(),
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
});

export interface UserPage {
  readonly items: readonly UserView[];
  readonly nextCursor?: string | undefined;
}

/** Users in the order of their names; `q` looks into name, display name and e-mail. */
export const listUsers: Operation<z.infer<typeof listUsersInput>, undefined, UserPage> = {
  name: 'ListUsers',
  action: 'ram:ListUsers',
  effect: 'read',
  input: listUsersInput,
  resource: (_input, caller) => userResource('*', caller),
  perform: async (context, { q, status, limit, cursor }) => {
    const { db, keyRing, caller } = context;
    const place = { accountId: caller.accountId, list: ['users', q, status] };
    const afterKey = cursor === undefined ? undefined : openCursor(keyRing, cursor, place);
    // One more than asked for tells whether there is a next page.
    const rows = await listUserRows(db, caller.accountId, { q, status, afterKey, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const addresses = await logonAddresses(context);
    const items = page.map((row) => viewUser(row, addresses));
    return rows.length > limit && last !== undefined
      ? { items, nextCursor: sealCursor(keyRing, last.userNameKey, place) }
      : { items };
  },
};
