import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandTree } from '../../../src/cli/completion/command-tree.ts';
import { completionScript, shells } from '../../../src/cli/completion/shell-scripts.ts';
import { run } from '../captured-terminal.ts';

let directory: string;
let bashScript: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'postern-completion-'));
  bashScript = join(directory, 'postern.bash');
  writeFileSync(bashScript, (await run(['completion', 'bash'])).out);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What bash offers when the last word is completed. */
function offered(...words: readonly string[]): string[] {
  const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _postern; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, bashScript, 'postern', ...words], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

test.each([
  ['nouns', ['gr'], ['group']],
  ['verbs', ['user', 'reset-p'], ['reset-password']],
  ['verbs of the endpoints', ['group', 'add'], ['add-user']],
  ['verbs of a noun within a noun', ['user', 'access-key', 'en'], ['enable']],
  ['options', ['user', 'list', '--sta'], ['--status']],
  ['options behind arguments', ['user', 'show', 'alice', '--js'], ['--json']],
  ['values of an option', ['user', 'list', '--status', ''], ['active', 'frozen']],
  ['values of an option of an endpoint', ['audit', 'list', '--outcome', 're'], ['refused']],
  ['switches', ['user', 'set-login-profile', 'alice', '--mfa-required', ''], ['on', 'off']],
])('bash completes %s', (_name, words, found) => {
  expect(offered(...words)).toEqual(found);
});

test('an argument that looks like a verb is not taken for one', () => {
  expect(offered('user', 'show', 'list', '--lim')).toEqual(['']);
});

test.each(shells)('nothing in a description means anything to %s', (shell) => {
  const program = new Command('postern');
  program.command('look').description('it\'s `touch x` $(touch y) "z"\n; touch w').option('--at <a|b>', "don't");
  const script = completionScript(shell, commandTree(program));
  expect(script).not.toContain("'it's");
  if (shell === 'bash') {
    const file = join(directory, 'hostile.bash');
    writeFileSync(file, script);
    const words = `COMP_WORDS=(postern lo); COMP_CWORD=1; _postern; printf '%s' "\${COMPREPLY[@]}"; ls`;
    expect(execFileSync('bash', ['-c', `cd "$1"; source "$0"; ${words}`, file, directory], { encoding: 'utf8' })).toBe(
      'lookhostile.bash\npostern.bash\n',
    );
  }
});

test('a shell that is not known is a matter of usage', async () => {
  expect(await run(['completion', 'powershell'])).toMatchObject({ exitCode: 2, out: '' });
});
