import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readImportFile } from '../../../src/cli/import/import-file.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-import-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function read(content: string | Uint8Array, consoleLogon = true) {
  const file = join(directory, 'users.csv');
  writeFileSync(file, content);
  return await readImportFile(file, consoleLogon);
}

const faultsOf = async (content: string | Uint8Array, consoleLogon = true) =>
  (await read(content, consoleLogon)).faults.map(({ line, detail }) => `${line} ${detail}`);

const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW';

test('a row becomes what the API takes', async () => {
  const { users, faults } = await read(
    'userName,displayName,email,password,resetRequired,mfaRequired,groups\n' +
      'alice,"Li, Alice",alice@example.com, spaced out passphrase ,no,yes,ops; devs;ops\n' +
      'bob,,,,,,\n',
  );
  expect(faults).toEqual([]);
  expect(users).toEqual([
    {
      ...{ line: 2, userName: 'alice', groups: ['ops', 'devs'], needsPassword: false },
      input: {
        ...{ userName: 'alice', displayName: 'Li, Alice', email: 'alice@example.com' },
        consoleLogon: { password: ' spaced out passphrase ', resetRequired: false, mfaRequired: true },
      },
    },
    {
      ...{ line: 3, userName: 'bob', groups: [], needsPassword: true },
      input: { userName: 'bob', displayName: 'bob', consoleLogon: {} },
    },
  ]);
});

test('a hash of another system is taken over, and no password made for it', async () => {
  const { users } = await read(`userName,passwordHash\nalice,${bcrypt}\n`);
  expect(users[0]).toMatchObject({ needsPassword: false, input: { consoleLogon: { passwordHash: bcrypt } } });
});

test('without logon to pages nobody has a password', async () => {
  const { users } = await read('userName\nrobot\n', false);
  expect(users[0]).toMatchObject({ needsPassword: false, input: { userName: 'robot' } });
  expect(users[0]?.input.consoleLogon).toBeUndefined();
  expect(await faultsOf('userName,password\nrobot,a long enough password\n', false)).toHaveLength(1);
});

test('every fault of every line is told at once, by the rules of the server', async () => {
  const faults = await faultsOf(
    'userName,email,mobilePhone,resetRequired,passwordHash,groups\n' +
      'a b,nobody,1,maybe,plaintext,"bad group"\n' +
      'fine,,,,,\n' +
      'FINE,,,,,\n' +
      ',,,,,\n' +
      'x,,,,,,too many\n',
  );
  const of = (line: number) => faults.filter((fault) => fault.startsWith(`${line} `));
  expect(of(2).map((fault) => fault.split(' ')[1])).toEqual([
    'resetRequired:',
    'userName:',
    'email:',
    'mobilePhone:',
    'passwordHash:',
    'groups:',
  ]);
  expect(of(3)).toEqual([]);
  expect(of(4)).toEqual(['4 userName: FINE stands in line 3 already.']);
  expect(of(5).join()).toContain('userName:');
  expect(of(6).join()).toContain('7 cells');
});

test('a password and a hash of one are not both taken', async () => {
  expect((await faultsOf(`userName,password,passwordHash\nalice,a long enough password,${bcrypt}\n`)).join()).toContain(
    '2 passwordHash:',
  );
});

test.each([
  ['an unknown column', 'userName,colour\na,red\n', 'no column "colour"'],
  ['a column twice', 'userName,email,email\n', '"email" is there twice'],
  ['no user names', 'email\na@example.com\n', 'userName among them'],
  ['nothing', '', 'userName among them'],
  ['a quote that is not closed', 'userName\n"a', 'not closed'],
])('%s is told', async (_name, content, told) => {
  expect((await faultsOf(content)).join('\n')).toContain(told);
});

test('a file that is no UTF-8 is told, and not guessed at', async () => {
  expect(await faultsOf(new Uint8Array([0x75, 0xff, 0x0a]))).toEqual(['1 The file is not UTF-8.']);
});

test('no fault repeats a password', async () => {
  const faults = await faultsOf('userName,password,mfaRequired\na b,canary-password,canary-flag\n');
  expect(faults.join('\n')).not.toContain('canary-password');
});
