import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../../../src/domain/app-error.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { databaseServers } from '../database-servers.ts';
import { eventsOf, type Harness, newAccount, newUser, type TestAccount } from '../operation-harness.ts';

const rounds = 30;

describe.each(databaseServers)('a user named by id and renamed at once, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openOn();
    account = await newAccount(harness);
  });
  afterAll(() => harness.close());

  const perform = (userId: string, changes: Record<string, unknown>) =>
    performOperation(harness.deps, account.admin, updateUser, { user: { userId }, changes });

  test('rights are checked on the name that the user has when the change happens', async () => {
    const { userId } = await newUser(harness.deps.db, account.accountId, 'name-0');
    for (let round = 1; round <= rounds; round += 1) {
      const changes = [perform(userId, { comments: `round ${round}` }), perform(userId, { userName: `name-${round}` })];
      await Promise.all(round % 2 === 0 ? changes.toReversed() : changes);
    }
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events).toHaveLength(2 * rounds);
    const present = { name: 'name-0' };
    for (const { resource, details } of events) {
      expect(resource.endsWith(`:user/${present.name}`)).toBe(true);
      present.name = typeof details['newUserName'] === 'string' ? details['newUserName'] : present.name;
    }
    expect(present.name).toBe(`name-${rounds}`);
  });

  test('and nobody waits for one another: renames, freezing and deletion by id all end', async () => {
    const users = await Promise.all(
      Array.from({ length: 6 }, (_none, at) => newUser(harness.deps.db, account.accountId, `crowd-${at}`)),
    );
    const attempts = users.flatMap(({ userId }, at) => [
      perform(userId, { userName: `moved-${at}` }),
      perform(userId, { status: 'frozen' }),
      performOperation(harness.deps, account.admin, deleteUser, { user: { userId }, cascade: true }),
    ]);
    const outcomes = await Promise.allSettled(attempts);
    const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [String((one.reason as AppError).code)] : []));
    expect(codes.filter((code) => code !== 'EntityNotExist.User')).toEqual([]);
  });
});
