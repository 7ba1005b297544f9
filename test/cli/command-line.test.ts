import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addAllNouns, nouns } from '../../src/cli/nouns.ts';
import { createSecretReader } from '../../src/cli/read-secret.ts';
import { formatFault, formatTable, shortTime } from '../../src/cli/text.ts';
import { run, silentTerminal } from './captured-terminal.ts';

interface Verb {
  /** Without `postern`. */
  readonly path: string;
  readonly help: string;
}

/** Every command that does something, with its help as it is printed. */
async function allVerbs(): Promise<Verb[]> {
  const program = new Command('postern').exitOverride();
  await addAllNouns(program, silentTerminal());
  return leaves(program).map(({ path, command }) => ({ path, help: helpOf(command) }));
}

const leaves = (command: Command, path: readonly string[] = []): { path: string; command: Command }[] =>
  command.commands.length === 0
    ? [{ path: path.join(' '), command }]
    : command.commands.flatMap((one) => leaves(one, [...path, one.name()]));

function helpOf(command: Command): string {
  const said: string[] = [];
  command.configureOutput({ writeOut: (text) => said.push(text) }).outputHelp();
  return said.join('');
}

test('every verb explains itself with an example, and takes no secret as an argument', async () => {
  const verbs = await allVerbs();
  expect(verbs.length).toBeGreaterThan(90);
  for (const { path, help } of verbs) {
    expect(help).toMatch(new RegExp(`Examples?:\\n(.*\\n)*.*postern (user )?${path.replace(/^user /, '')}`));
    // A number, a switch or one of a few words is no secret.
    expect(help).not.toMatch(
      /^( {2}--[a-z-]*(password|secret|token)[a-z-]* <(?!number>|[\w-]+\|)|Usage:.*<\w*(password|secret|token|code)>)/im,
    );
  }
});

test('every verb but serve has --json', async () => {
  const lacking = (await allVerbs()).filter(({ help }) => !help.includes('--json'));
  expect(lacking.map(({ path }) => path)).toEqual(['serve']);
});

test('the help names every noun without loading it, and the help of one its verbs', async () => {
  const { out } = await run(['--help']);
  for (const { name, description } of nouns)
    expect(out).toMatch(new RegExp(`^ {2}${name}\\b.*${description.slice(0, 20)}`, 'm'));
  expect((await run(['help', 'group'])).out).toContain('add-user');
  expect((await run(['group', 'add-user', '--help'])).out).toContain('postern group add-user developers alice');
});

test.each([
  ['no verb', []],
  ['an unknown noun', ['usr', 'list']],
  ['an unknown verb', ['user', 'craete']],
  ['an unknown option', ['user', 'list', '--colour']],
  ['a missing argument', ['user', 'show']],
  ['one argument too many', ['user', 'show', 'alice', 'bob']],
  ['a limit that is no number', ['user', 'list', '--limit', 'all']],
  ['a type that does not exist', ['application', 'create', 'x', '--type', 'mobile']],
  ['a grace of hours', ['application', 'create', 'x', '--refresh-token-grace', '3600']],
  ['a level that does not exist', ['application', 'create', 'x', '--required-level', 'high']],
  ['a status that does not exist', ['user', 'list', '--status', 'asleep']],
  ['nothing to change', ['user', 'update', 'alice']],
  ['one display name for two users', ['user', 'create', 'a', 'b', '--display-name', 'x']],
])('%s is a matter of usage: exit code 2, words on the error output, nothing on the other', async (_name, args) => {
  const { exitCode, out, err } = await run(args);
  expect(exitCode).toBe(2);
  expect(out).toBe('');
  expect(err).not.toBe('');
});

test('programs get refusals as JSON', async () => {
  const { exitCode, err } = await run(['user', 'list', '--json']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(err)).toMatchObject({ code: 'Usage' });
});

test('a server that is not there is told with its address', async () => {
  const env = {
    POSTERN_ISSUER: 'http://127.0.0.1:9/demo',
    POSTERN_ACCESS_KEY_ID: 'x',
    POSTERN_ACCESS_KEY_SECRET: 'canary',
  };
  const { exitCode, err } = await run(['user', 'list'], { env });
  expect(exitCode).toBe(1);
  expect(err).toContain('http://127.0.0.1:9 cannot be reached');
  expect(err).not.toContain('canary');
});

test('names cannot steer the terminal', () => {
  expect(formatTable(['NAME'], [['\u001b[2Jadmin\u202e\n']])).toBe('NAME\n\ufffd[2Jadmin\ufffd\ufffd');
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  expect(await run(['--version'])).toEqual({ exitCode: 0, out: version, err: '' });
});

test.each([
  ['/redirectUris/0', 'redirectUris[0]: no'],
  ['/0/consoleLogon/password', '[0].consoleLogon.password: no'],
  ['/a~1b~0c', 'a/b~c: no'],
  ['', 'no'],
])('a fault at "%s" reads "%s"', (pointer, line) => {
  expect(formatFault({ pointer, detail: 'no' })).toBe(line);
});

test.each([
  ['2026-03-01T09:30:12.345Z', '2026-03-01 09:30 UTC'],
  ['2026-03-01T09:30:12Z', '2026-03-01 09:30 UTC'],
  ['soon', 'soon'],
  [null, null],
])('the time %s is shown as %s', (time, shown) => {
  expect(shortTime(time)).toBe(shown);
});

test('a secret is read from a pipe, one line of it', async () => {
  const [input, prompt] = [new PassThrough(), new PassThrough()];
  input.end('correct horse\r\nbattery\n');
  expect(await createSecretReader(input, prompt)('Password: ')).toBe('correct horse');
  expect(prompt.read()).toBeNull();
});

test('nothing on standard input is refused', async () => {
  const input = new PassThrough();
  input.end();
  await expect(createSecretReader(input, new PassThrough())('Password: ')).rejects.toThrow('Nothing to read');
});
