import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Credentials, findCredentials } from '../../src/cli/client/credentials.ts';
import { CliFailure } from '../../src/cli/failure.ts';
import { silentTerminal } from './captured-terminal.ts';

const secret = 'canarySecret';
const named = (name: string): Credentials => ({
  issuer: `https://id.example.com/${name}`,
  accessKeyId: `PSTK${name}`,
  accessKeySecret: secret,
});
const fullEnv = {
  POSTERN_ISSUER: 'https://id.example.com/env/',
  POSTERN_ACCESS_KEY_ID: 'PSTKenv',
  POSTERN_ACCESS_KEY_SECRET: secret,
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'postern-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const profilesFile = () => join(home, '.config', 'postern', 'profiles.json');
function writeProfiles(content: unknown, mode = 0o600): void {
  mkdirSync(join(home, '.config', 'postern'), { recursive: true });
  writeFileSync(profilesFile(), typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(profilesFile(), mode);
}
function writeFirstRun(mode = 0o600): void {
  const content = {
    publicUrl: 'http://localhost:3000',
    alias: 'demo',
    accessKeyId: 'PSTKfirst',
    accessKeySecret: secret,
  };
  writeFileSync(join(home, 'first-run.json'), JSON.stringify(content));
  chmodSync(join(home, 'first-run.json'), mode);
}

const find = (env: Record<string, string> = {}, profile?: string) =>
  findCredentials({ ...silentTerminal(), env: { DATA_DIR: home, ...env }, homeDirectory: home }, profile);

async function failure(attempt: Promise<unknown>): Promise<CliFailure> {
  const error = await attempt.catch((thrown: unknown) => thrown);
  if (!(error instanceof CliFailure)) throw new Error('expected a failure');
  expect(`${error.message} ${error.details.join(' ')}`).not.toContain(secret);
  return error;
}

test('a profile asked for by name wins over all else', async () => {
  writeProfiles({ default: named('default'), work: named('work') });
  expect(await find(fullEnv, 'work')).toEqual(named('work'));
  expect(await find({ ...fullEnv, POSTERN_PROFILE: 'work' })).toEqual(named('work'));
});

test('then the environment, then the default profile, then the first-run file', async () => {
  writeFirstRun();
  expect(await find()).toEqual({
    issuer: 'http://localhost:3000/demo',
    accessKeyId: 'PSTKfirst',
    accessKeySecret: secret,
  });
  writeProfiles({ default: named('default') });
  expect(await find()).toEqual(named('default'));
  expect(await find(fullEnv)).toEqual(named('env'));
});

test('half of the environment is refused and says what is missing, and nothing else is used instead', async () => {
  writeFirstRun();
  const { exitCode, message } = await failure(find({ POSTERN_ISSUER: fullEnv.POSTERN_ISSUER }));
  expect(message).toContain('POSTERN_ACCESS_KEY_ID and POSTERN_ACCESS_KEY_SECRET must be set');
  expect(exitCode).toBe(2);
});

test.each([0o640, 0o604, 0o660, 0o644])('files with mode %o are refused', async (mode) => {
  writeFirstRun(mode);
  expect((await failure(find())).message).toContain('Others can read');
  writeProfiles({ default: named('default') }, mode);
  expect((await failure(find())).message).toContain('Others can read');
});

test.each([
  ['no JSON', 'canarySecret{'],
  ['another form', { default: { issuer: 'https://id.example.com', accessKeySecret: secret } }],
])('a profile file with %s is refused', async (_name, content) => {
  writeProfiles(content);
  expect((await failure(find())).message).toContain('does not have the form');
});

test('a profile that does not exist is told', async () => {
  writeProfiles({ default: named('default') });
  expect((await failure(find(fullEnv, 'play'))).message).toContain('no profile "play"');
});

test.each([
  'id.example.com/acme',
  'ftp://id.example.com/acme',
  'https://user@id.example.com/acme',
  'https://id.example.com/a?b=c',
])('an issuer such as %s is refused', async (issuer) => {
  expect((await failure(find({ ...fullEnv, POSTERN_ISSUER: issuer }))).exitCode).toBe(2);
});

test('with nothing at all the ways are named, and the files that were looked for', async () => {
  const { message, exitCode } = await failure(find());
  expect(message).toContain('POSTERN_ISSUER');
  expect(message).toContain(profilesFile());
  expect(message).toContain(join(home, 'first-run.json'));
  expect(exitCode).toBe(2);
});
