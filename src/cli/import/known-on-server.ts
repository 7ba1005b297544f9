import { z } from 'zod';
import { fetchAs } from '../client/api-verb.ts';
import type { ManagementApi } from '../client/management-api.ts';
import { ServerRefusal } from '../client/requests.ts';
import type { ImportedUser, RowFault } from './import-file.ts';

const page = z.looseObject({
  items: z.array(z.looseObject({ userName: z.string() })),
  nextCursor: z.string().optional(),
});

/** What the server would refuse, as far as the caller may look: names that are taken, groups that do not exist. */
export async function faultsOnServer(api: ManagementApi, users: readonly ImportedUser[]): Promise<RowFault[]> {
  const [taken, absent] = [await takenNames(api), await absentGroups(api, users)];
  return users.flatMap(({ line, userName, groups }) => [
    ...(taken.has(userName.toLowerCase()) ? [{ line, detail: `userName: A user ${userName} exists already.` }] : []),
    ...groups
      .filter((name) => absent.has(name))
      .map((name) => ({ line, detail: `groups: There is no group ${name}.` })),
  ]);
}

/** In lower case: names are compared without. */
async function takenNames(api: ManagementApi): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let cursor: string | undefined;
  try {
    do {
      const found: z.infer<typeof page> = await fetchAs(api, page, {
        ...{ method: 'GET', path: ['users'], query: { limit: 1000, cursor } },
      });
      for (const { userName } of found.items) names.add(userName.toLowerCase());
      cursor = found.nextCursor;
    } while (cursor !== undefined);
  } catch (error) {
    // Whoever may create users need not be allowed to list them; the server will say it then, batch by batch.
    if (!isForbidden(error)) throw error;
  }
  return names;
}

async function absentGroups(api: ManagementApi, users: readonly ImportedUser[]): Promise<ReadonlySet<string>> {
  const absent = new Set<string>();
  for (const name of new Set(users.flatMap(({ groups }) => groups))) {
    try {
      await fetchAs(api, z.unknown(), { method: 'GET', path: ['groups', name] });
    } catch (error) {
      if (error instanceof ServerRefusal && error.status === 404) absent.add(name);
      else if (!isForbidden(error)) throw error;
    }
  }
  return absent;
}

const isForbidden = (error: unknown): boolean => error instanceof ServerRefusal && error.status === 403;
