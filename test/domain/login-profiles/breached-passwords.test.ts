import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { breachHash } from '../../../src/crypto/prepared-password.ts';
import { breachedPasswordsOf } from '../../../src/domain/login-profiles/breached-passwords.ts';

let directory: string;
let failures: unknown[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'breached-'));
  failures = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = () => join(directory, 'hashes.txt');
const listOf = (passwords: readonly string[]) =>
  passwords
    .map((password) => `${breachHash(password)}:7\n`)
    .toSorted()
    .join('');
const open = () => breachedPasswordsOf(path(), (error) => failures.push(error));

test('those of the list are known, however their letters are composed, and no others', async () => {
  writeFileSync(path(), listOf(['tall giraffe', 'café au lait', 'third']));
  const breached = open();
  for (const known of ['tall giraffe', 'café au lait', 'cafe\u0301 au lait', 'tall\u00a0giraffe'])
    expect(await breached.includes(known)).toBe(true);
  for (const unknown of ['tall giraffes', 'Tall giraffe', 'cafe au lait', ''])
    expect(await breached.includes(unknown)).toBe(false);
  expect(failures).toEqual([]);
});

test('a list that was exchanged counts from then on', async () => {
  writeFileSync(path(), listOf(['before']));
  const breached = open();
  writeFileSync(path(), listOf(['after']));
  expect([await breached.includes('before'), await breached.includes('after')]).toEqual([false, true]);
});

test('a list that is gone, or is none any more, hinders nobody and is told of without the password', async () => {
  const breached = open();
  expect(await breached.includes('tall giraffe')).toBe(false);
  writeFileSync(path(), 'rubbish\n'.repeat(9_000));
  expect(await breached.includes('tall giraffe')).toBe(false);
  expect(failures).toHaveLength(2);
  const told = failures.map((error) => (error instanceof Error ? `${error.message} ${error.stack ?? ''}` : '')).join();
  expect(told).not.toContain('giraffe');
  expect(told).not.toContain(breachHash('tall giraffe').slice(0, 8));
  writeFileSync(path(), listOf(['tall giraffe']));
  expect(await breached.includes('tall giraffe')).toBe(true);
});
