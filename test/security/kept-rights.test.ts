import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireAccess } from '../../src/domain/authorise.ts';
import { performOperation } from '../../src/domain/operation.ts';
import { loadRights } from '../../src/domain/policies/statements-store.ts';
import { deleteUserPolicy } from '../../src/domain/policies/user-policies-store.ts';
import { listUsers } from '../../src/domain/users/list-users.ts';
import { updateUser } from '../../src/domain/users/update-user.ts';
import { touchUser } from '../../src/domain/users/users-store.ts';
import { users } from '../../src/storage/db/schema/users.ts';
import type { Route } from '../../src/web/api/route-types.ts';
import { routes } from '../../src/web/api/routes.ts';
import { newUser, refusal, userRow } from '../domain/operation-harness.ts';
import { type ExampleWorld, openExampleWorld } from '../web/api/example-world.ts';
import { openRewindableServer, type RewindableServer } from './support/rewindable-server.ts';

let server: RewindableServer;
let world: ExampleWorld;
beforeAll(async () => {
  server = await openRewindableServer();
  world = await openExampleWorld(server);
  await world.call('PUT /users/alice/policies/custom/wiki-editors');
  await world.call('PUT /groups/developers/users/alice');
  await world.call('PUT /groups/developers/policies/custom/wiki-editors');
});
afterAll(() => server.close());

const database = () => server.harness.deps.db;

/** What everybody of the account may do, and the revision by which copies of it are known. */
async function rightsOfAll() {
  const { accountId } = world.account;
  const rows = await database().select().from(users).where(eq(users.accountId, accountId));
  const entries = await Promise.all(
    rows.map(async ({ userId, revision, status }) => {
      const { statements } = await loadRights(server.harness.deps, { accountId, userId });
      const told = statements.map(({ source, index, effect, actions }) => ({ source, index, effect, actions }));
      return [userId, { revision, rights: JSON.stringify([status, told]) }] as const;
    }),
  );
  return new Map(entries);
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const changes = routes
  .filter(({ operation }) => operation.effect === 'change')
  .map((route) => [nameOf(route), route] as const);
const changedRights = new Set<string>();

describe('whatever changes what somebody may do', () => {
  it.each(changes)('raises their revision: %s', async (name, route) => {
    await server.rewound(async () => {
      const [line, body] = await world.requestFor(route);
      const before = await rightsOfAll();
      await world.call(line, body);
      for (const [userId, { revision, rights }] of await rightsOfAll()) {
        const was = before.get(userId);
        if (was === undefined || was.rights === rights) continue;
        changedRights.add(name);
        expect(revision, userId).toBeGreaterThan(was.revision);
      }
    });
  });

  it('raises their revision: another default version, for holders and for members of a group', async () => {
    await server.rewound(async () => {
      const { accountId } = world.account;
      await world.call('DELETE /users/alice/policies/custom/wiki-editors');
      const policyDocument = { Version: '1', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
      await world.call('POST /policies/custom/wiki-editors/versions', { policyDocument });
      const before = await userRow(database(), accountId, 'alice');
      await world.call('PUT /policies/custom/wiki-editors/default-version', { versionId: 'v2' });
      const after = await userRow(database(), accountId, 'alice');
      const { statements } = await loadRights(server.harness.deps, { accountId, userId: after?.userId ?? '' });
      expect(statements.map(({ effect }) => effect)).toEqual(['Deny']);
      expect(after?.revision).toBeGreaterThan(before?.revision ?? Number.POSITIVE_INFINITY);
    });
  });

  it('was seen at each of the ways there are', () => {
    const ways = [
      'DELETE /users/:userName/policies/:policyType/:policyName',
      'DELETE /groups/:groupName',
      'DELETE /groups/:groupName/users/:userName',
      'DELETE /groups/:groupName/policies/:policyType/:policyName',
    ];
    expect(ways.filter((way) => !changedRights.has(way))).toEqual([]);
  });
});

describe('rights kept in memory', () => {
  const read = async (name: string, userRevision: number | undefined) => {
    const row = await userRow(database(), world.account.accountId, name);
    const caller = { ...world.account.admin, userId: row?.userId ?? '', userName: name, userRevision };
    return performOperation(server.harness.deps, caller, listUsers, {});
  };

  it('serve reading at their revision alone, and no change', async () => {
    const { accountId } = world.account;
    const carol = await newUser(database(), accountId, 'carol', ['AdministratorAccess']);
    await expect(read('carol', 1)).resolves.toBeDefined();
    // Taken away behind everybody's back, so that the revision does not tell.
    await deleteUserPolicy(database(), {
      userId: carol.userId,
      policyType: 'system',
      policyName: 'AdministratorAccess',
    });
    await expect(read('carol', 1)).resolves.toBeDefined();
    expect((await refusal(read('carol', undefined))).code).toBe('NoPermission');
    const rename = { user: { userName: 'alice' }, changes: { comments: 'changed' } };
    const caller = { ...carol, userRevision: 1 };
    expect((await refusal(performOperation(server.harness.deps, caller, updateUser, rename))).code).toBe(
      'NoPermission',
    );
    expect((await userRow(database(), accountId, 'alice'))?.comments).not.toBe('changed');
    await touchUser(database(), carol.userId);
    expect((await refusal(read('carol', 2))).code).toBe('NoPermission');
  });

  it('are not kept of somebody who is not active', async () => {
    const { accountId } = world.account;
    const dave = await newUser(database(), accountId, 'dave', ['AdministratorAccess']);
    const freeze = (status: 'active' | 'frozen') =>
      database()
        .update(users)
        .set({ status, revision: 1 })
        .where(and(eq(users.userId, dave.userId)));
    await freeze('frozen');
    expect((await refusal(read('dave', 1))).code).toBe('NoPermission');
    await freeze('active');
    await expect(read('dave', 1)).resolves.toBeDefined();
    await expect(requireAccess({ ...server.harness.deps, caller: dave }, [])).resolves.toBeUndefined();
  });
});
