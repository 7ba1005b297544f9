import { existsSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseCsv } from '../../../src/cli/import/csv.ts';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { errorOn, logOnToPortal } from '../../support/logon-driver.ts';
import { run } from '../captured-terminal.ts';
import { type CliProcess, newPlace, readyLine, startCli } from '../served-postern.ts';

let place: Awaited<ReturnType<typeof newPlace>>;
let server: CliProcess;
beforeAll(async () => {
  place = await newPlace();
  server = startCli(['serve'], place.env);
  await server.saying(readyLine);
});
afterAll(async () => {
  server.signal('SIGTERM');
  await server.ended;
  place.remove();
});

const postern = (...args: string[]) => run(args, { env: place.env });
const fileOf = (name: string, content: string): string => {
  const file = join(place.directory, name);
  writeFileSync(file, content);
  return file;
};

const userList = z.object({ items: z.array(z.looseObject({ userName: z.string(), userId: z.string() })) });
const namesLike = async (q?: string) => {
  const search = q === undefined ? [] : ['--q', q];
  const { out } = await postern('user', 'list', ...search, '--limit', '2000', '--json');
  return userList.parse(JSON.parse(out)).items.map(({ userName }) => userName);
};

/** Rows of a results file by user name. */
function resultsIn(file: string): Map<string, Record<string, string>> {
  const [head, ...rows] = parseCsv(readFileSync(file, 'utf8'));
  const named = rows.map(({ cells }) =>
    Object.fromEntries(head?.cells.map((name, at) => [name, cells[at] ?? '']) ?? []),
  );
  return new Map(named.map((row) => [row['userName'] ?? '', row]));
}

const bcrypt = '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW';

/** Resolves as soon as the file holds the text. */
const holding = (file: string, text: string): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!existsSync(file) || !readFileSync(file, 'utf8').includes(text)) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(place.directory, look);
    look();
  });

test('1,000 users, killed in the middle and run again: nobody twice, nobody lost, no password lost', async () => {
  await postern('group', 'create', 'night-shift');
  const rows = Array.from({ length: 1000 }, (_, at) => {
    const ownPassword = at % 50 === 0;
    return `mass-${String(at).padStart(4, '0')},${ownPassword ? '' : bcrypt},${at % 250 === 0 ? 'night-shift' : ''}`;
  });
  const file = fileOf('mass.csv', `userName,passwordHash,groups\n${rows.join('\n')}\n`);
  const journal = `${file}.import`;

  const first = startCli(['user', 'import', file], place.env);
  await holding(journal, '"sending":4');
  first.signal('SIGKILL');
  await first.ended;
  expect(first.said()).not.toContain('users are created.');
  const journalled = readFileSync(journal, 'utf8');
  expect(journalled).not.toContain('"created":9');
  expect(statSync(journal).mode & 0o777).toBe(0o600);

  const second = await postern('user', 'import', file, '--json');
  expect(second).toMatchObject({ exitCode: 0, err: '' });
  const results = join(place.directory, 'mass.imported.csv');
  expect(JSON.parse(second.out)).toEqual({ created: 1000, output: results });
  expect(statSync(results).mode & 0o777).toBe(0o600);

  const names = await namesLike('mass-');
  expect([names.length, new Set(names).size]).toEqual([1000, 1000]);
  const written = resultsIn(results);
  expect(written.size).toBe(1000);
  expect([...written.values()].filter((row) => row['initialPassword'] !== '')).toHaveLength(20);
  expect(
    (await postern('group', 'list-users', 'night-shift', '--json')).out.match(/mass-/g)?.length,
  ).toBeGreaterThanOrEqual(4);

  // The batch that was under way when the process was killed: its passwords are those that the server has.
  const interrupted = written.get('mass-0400');
  const browser = createHttpBrowser();
  const course = await logOnToPortal(browser, interrupted?.['logonUrl'] ?? '', {
    ...{ userName: 'mass-0400', password: interrupted?.['initialPassword'] ?? '' },
    newPassword: 'Quiet-marble-harbour-38',
  });
  expect(course.steps).toEqual(['password', 'reset']);

  // What is done holds no password any more, and is not done again.
  for (const { initialPassword = '' } of written.values()) {
    if (initialPassword !== '') expect(readFileSync(journal, 'utf8')).not.toContain(initialPassword);
  }
  const third = await postern('user', 'import', file);
  expect(third).toMatchObject({ exitCode: 1, out: '' });
  expect(third.err).toContain('imported already');
}, 180_000);

/** An import whose process was killed after the server had done the work and before it was noted. */
async function doneButNotNoted(name: string, change: (head: Record<string, string>) => object, sentAt: string) {
  const file = fileOf(`${name}.csv`, `userName\n${name}-1\n${name}-2\n`);
  await postern('user', 'import', file);
  const results = join(place.directory, `${name}.imported.csv`);
  const before = resultsIn(results);
  const [head = ''] = readFileSync(`${file}.import`, 'utf8').split('\n');
  const passwords = [...before.values()].map((row) => row['initialPassword']);
  const lines = [change(JSON.parse(head) as Record<string, string>), { sending: 0, at: sentAt, passwords }];
  // The last line was being written.
  writeFileSync(`${file}.import`, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"created":0,"us`);
  rmSync(results);
  return { file, results, before };
}

test('what the server had done already is not done again, and its passwords are told', async () => {
  const { file, results, before } = await doneButNotNoted('replayed', (head) => head, new Date().toISOString());
  expect((await postern('user', 'import', file)).exitCode).toBe(0);
  expect(resultsIn(results)).toEqual(before);
  expect(await namesLike('replayed')).toHaveLength(2);
});

test('also when the server has forgotten the request: users made since are its own work, earlier ones are not', async () => {
  const forgotten = (head: Record<string, string>) => ({ ...head, runId: 'another' });
  const late = await doneButNotNoted('late', forgotten, new Date().toISOString());
  expect((await postern('user', 'import', late.file)).exitCode).toBe(0);
  expect(resultsIn(late.results)).toEqual(late.before);
  const foreign = await doneButNotNoted('foreign', forgotten, new Date(Date.now() + 3_600_000).toISOString());
  const refused = await postern('user', 'import', foreign.file);
  expect(refused).toMatchObject({ exitCode: 1, out: '' });
  expect(refused.err).toContain('EntityAlreadyExists.User');
  expect(existsSync(foreign.results)).toBe(false);
});

test('every faulty line is told before anything is sent', async () => {
  await postern('user', 'create', 'taken');
  const file = fileOf('faulty.csv', 'userName,email,groups\nfaulty-1,nobody,\nfaulty-2,,\nfaulty-2,,\n');
  const ran = await postern('user', 'import', file);
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('line 2: email: ');
  expect(ran.err).toContain('line 4: userName: ');
  const known = fileOf('known.csv', 'userName,groups\nfaulty-3,\nTaken,\nfaulty-4,no-such-group\n');
  for (const args of [['--dry-run'], []]) {
    const refused = await postern('user', 'import', known, ...args);
    expect(refused.err).toContain('line 3: userName: A user Taken exists already.');
    expect(refused.err).toContain('line 4: groups: There is no group no-such-group.');
  }
  expect(await namesLike('faulty')).toEqual([]);
  expect(existsSync(join(place.directory, 'known.imported.csv'))).toBe(false);
});

test('a dry run says that nothing is wrong, and does nothing', async () => {
  const file = fileOf('dry.csv', 'userName\ndry-1\n');
  expect((await postern('user', 'import', file, '--dry-run')).out).toContain('1 users; nothing is wrong');
  expect(await namesLike('dry-')).toEqual([]);
  expect(existsSync(`${file}.import`)).toBe(false);
});

test('passwords reach the terminal only when that is asked for', async () => {
  const quiet = await postern('user', 'import', fileOf('quiet.csv', 'userName\nquiet-1\n'));
  const password = resultsIn(join(place.directory, 'quiet.imported.csv')).get('quiet-1')?.['initialPassword'] ?? '';
  expect(password.length).toBeGreaterThanOrEqual(20);
  expect(quiet.out + quiet.err).not.toContain(password);
  const shown = await postern('user', 'import', fileOf('shown.csv', 'userName\nshown-1\n'), '--show-passwords');
  expect(shown.out).toMatch(/Logon name: +shown-1@demo\.localhost\nOne-time password: +\S{20}/);
});

test('what an import will not overwrite: a results file of before', async () => {
  fileOf('again.imported.csv', 'precious');
  const ran = await postern('user', 'import', fileOf('again.csv', 'userName\nagain-1\n'));
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(readFileSync(join(place.directory, 'again.imported.csv'), 'utf8')).toBe('precious');
  expect(await namesLike('again-')).toEqual([]);
});

test('a journal of another state of the file is not gone on with', async () => {
  const file = fileOf('changed.csv', 'userName\nchanged-1\n');
  writeFileSync(
    `${file}.import`,
    `${JSON.stringify({ contentHash: 'other', issuer: 'x', userId: 'y', runId: 'z', startedAt: '' })}\n`,
    { mode: 0o600 },
  );
  const ran = await postern('user', 'import', file);
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('has been changed since');
  expect(await namesLike('changed-')).toEqual([]);
});

test('a password of the file is refused with its line when it is too weak, and no user of the batch is made', async () => {
  const ran = await postern(
    'user',
    'import',
    fileOf('weak.csv', 'userName,password\nweak-1,a perfectly fine passphrase\nweak-2,password123\n'),
  );
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('line 3: password: ');
  expect(await namesLike('weak-')).toEqual([]);
});

test('what is exported can be read by an import', async () => {
  const { out } = await postern('user', 'export');
  const [head, ...rows] = parseCsv(out);
  expect(head?.cells).toEqual(['userName', 'displayName', 'email', 'mobilePhone', 'comments']);
  expect(rows.length).toBe((await namesLike()).length);
  const file = fileOf('exported.csv', out);
  const ran = await postern('user', 'import', file, '--dry-run');
  // Nothing but that they are all there already.
  expect(
    ran.err
      .split('\n')
      .slice(1)
      .every((line) => line.includes('exists already')),
  ).toBe(true);
});

test('an imported password that is wrong still opens nothing', async () => {
  const browser = createHttpBrowser();
  const { page } = await logOnToPortal(browser, `http://localhost:${place.env['PORT']}/demo`, {
    userName: 'mass-0001',
    password: 'wrong',
  });
  expect(errorOn(page)).toBeDefined();
});
