import { beforeAll, beforeEach, expect, it } from 'vitest';
import { compareDeployment, rememberDeployment } from '../../../src/domain/accounts/deployment-settings.ts';
import type { Database } from '../../../src/storage/db/database.ts';
import { deploymentSettings } from '../../../src/storage/db/schema/deployment-settings.ts';
import { emptyTestDatabase, openTestDatabase } from '../../support/database.ts';

const here = { publicUrl: 'https://id.example.com', logonDomain: 'id.example.com' };
const there = { publicUrl: 'https://sso.example.com', logonDomain: 'id.example.com' };
const moved = { name: 'publicUrl', stored: here.publicUrl, configured: there.publicUrl };

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => emptyTestDatabase(db));

it('comparing remembers nothing', async () => {
  expect(await compareDeployment(db, here)).toEqual([]);
  expect(await db.$count(deploymentSettings)).toBe(0);
});

it('what is remembered first stays, and what differs from it is named', async () => {
  expect(await rememberDeployment(db, here, false)).toEqual([]);
  expect(await compareDeployment(db, there)).toEqual([moved]);
  expect(await rememberDeployment(db, there, false)).toEqual([moved]);
  expect(await compareDeployment(db, here)).toEqual([]);
});

it('a confirmed change replaces what was remembered', async () => {
  await rememberDeployment(db, here, false);
  expect(await rememberDeployment(db, there, true)).toEqual([]);
  expect(await compareDeployment(db, there)).toEqual([]);
  expect(await compareDeployment(db, here)).toEqual([
    { name: 'publicUrl', stored: there.publicUrl, configured: here.publicUrl },
  ]);
});

it('of two that race on a new database one is remembered and the other is told', async () => {
  const answers = await Promise.all([rememberDeployment(db, here, false), rememberDeployment(db, there, false)]);
  expect(answers.filter(({ length }) => length === 0)).toHaveLength(1);
  expect(answers.filter(({ length }) => length === 1)).toHaveLength(1);
});
