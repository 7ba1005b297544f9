import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyOf, type NamedEndpoint, namedEndpoints, parametersIn } from '../../../src/cli/generated/api-endpoints.ts';
import { exampleWords } from '../../../src/cli/generated/example.ts';
import { verbForm } from '../../../src/cli/generated/verb-form.ts';
import { nouns } from '../../../src/cli/nouns.ts';
import { run, silentTerminal } from '../captured-terminal.ts';
import { openRecordingServer, type RecordingServer, type Reply } from '../recording-server.ts';

let server: RecordingServer;
let directory: string;
let reply: Reply;
beforeAll(async () => {
  server = await openRecordingServer(() => reply);
  directory = mkdtempSync(join(tmpdir(), 'postern-verbs-'));
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

const postern = async (
  args: readonly string[],
  world: { secret?: string[]; input?: string; columns?: number } = {},
) => {
  server.recorded.length = 0;
  const ran = await run(args, { env: server.env, ...world });
  return { ...ran, asked: server.recorded[0] };
};

/** Verbs written by hand have tests of their own. */
async function namesByHand(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const noun of nouns) {
    const command = new Command(noun.name);
    (await noun.load?.())?.(command, silentTerminal());
    for (const verb of command.commands) names.add(`${noun.name} ${verb.name()}`);
  }
  return names;
}

const secretsIn = (named: NamedEndpoint): string[] => {
  const form = verbForm(named);
  const example = (bodyOf(named.endpoint)?.example ?? {}) as Record<string, unknown>;
  const chosen = form.options.filter(({ field }) => field.kind === 'secret');
  const values = chosen.flatMap(({ field }) => example[field.name] ?? []);
  return [...form.asked.map(({ field }) => example[field.name] ?? `typed ${field.name}`), ...values] as string[];
};

/** The place of a file that the example names, with what the document shows in it. */
function withFile(named: NamedEndpoint, word: string): string {
  const name = /^(\w+)\.png$/.exec(word)?.[1];
  const content = (bodyOf(named.endpoint)?.example as Record<string, unknown> | undefined)?.[name ?? ''];
  if (typeof content !== 'string') return word;
  const file = join(directory, word);
  writeFileSync(file, Buffer.from(content, 'base64'));
  return file;
}

const goodStatus = ({ endpoint }: NamedEndpoint): number =>
  Number(Object.keys(endpoint.operation.responses).find((status) => status.startsWith('2')));

test('every generated verb sends what the document of the API shows as the example of its endpoint', async () => {
  const byHand = await namesByHand();
  const generated = namedEndpoints().filter(({ name: { noun, verb } }) => !byHand.has(`${noun} ${verb}`));
  expect(generated.length).toBeGreaterThan(50);
  for (const named of generated) {
    const [, ...words] = exampleWords(named, verbForm(named));
    const args = words.map((word) => withFile(named, word));
    reply = goodStatus(named) === 204 ? { status: 204 } : { status: goodStatus(named), body: { items: [] } };
    const { asked, exitCode, err } = await postern([...args, '--json'], { secret: secretsIn(named) });
    const { method, path } = named.endpoint;
    expect([args.join(' '), exitCode, err]).toEqual([args.join(' '), 0, '']);
    const examples = new Map(parametersIn('path', named.endpoint).map(({ name, example }) => [name, String(example)]));
    // The kind of a policy is told by its name.
    if (examples.get('policyName')?.startsWith('wiki') === true) examples.set('policyType', 'custom');
    const address = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(examples.get(name) ?? ''));
    expect(`${asked?.method} ${asked?.path}`).toBe(`${method} ${address}`);
    const typed = verbForm(named).asked.map(({ field }) => [field.name, `typed ${field.name}`]);
    expect(asked?.body ?? {}).toEqual(bodyOf(named.endpoint)?.example ?? Object.fromEntries(typed));
  }
});

test('documents come from a file, from standard input or as they stand; what is no JSON is a matter of usage', async () => {
  reply = { status: 201, body: { policy: { policyName: 'p' } } };
  const document = { Version: '1', Statement: [] };
  const file = join(directory, 'policy.json');
  writeFileSync(file, JSON.stringify(document));
  for (const [given, input] of [
    [`@${file}`, undefined],
    ['-', JSON.stringify(document)],
    [JSON.stringify(document), undefined],
  ] as const) {
    const args = ['policy', 'create', 'p', '--policy-document', given];
    const { asked } = await postern(args, input === undefined ? {} : { input });
    expect(asked?.body).toEqual({ policyName: 'p', policyDocument: document });
  }
  const bad = await postern(['policy', 'create', 'p', '--policy-document', '{"Version":']);
  expect(bad).toMatchObject({ exitCode: 2, out: '', asked: undefined });
});

test('a picture comes from a file, which is not on the command line itself', async () => {
  reply = { status: 200, body: { displayName: null, color: null, logo: null } };
  const file = join(directory, 'logo.png');
  writeFileSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  const { asked } = await postern(['account', 'set-logo', file]);
  expect(`${asked?.method} ${asked?.path}`).toBe('PUT /account/branding/logo');
  expect(asked?.body).toEqual({ image: 'iVBORw==' });
  const absent = await postern(['account', 'set-logo', join(directory, 'no-such.png')]);
  expect(absent).toMatchObject({ exitCode: 1, out: '', asked: undefined });
  expect(absent.err).toContain('no-such.png cannot be read');
});

test('the kind of a policy is told by its name, unless it is said', async () => {
  reply = { status: 204 };
  const pathOf = async (...args: string[]) => (await postern(['group', 'attach-policy', 'ops', ...args])).asked?.path;
  expect(await pathOf('AliyunRAMReadOnlyAccess')).toBe('/groups/ops/policies/system/AliyunRAMReadOnlyAccess');
  expect(await pathOf('wiki')).toBe('/groups/ops/policies/custom/wiki');
  expect(await pathOf('wiki', '--policy-type', 'system')).toBe('/groups/ops/policies/system/wiki');
});

test('in a change the empty text takes a field away, a field that is not said stays, and nothing to say is refused', async () => {
  reply = { status: 200, body: { groupName: 'ops' } };
  expect((await postern(['group', 'update', 'ops', '--comments', ''])).asked?.body).toEqual({ comments: null });
  expect((await postern(['group', 'update', 'ops', '--new-name', 'ops2'])).asked?.body).toEqual({ groupName: 'ops2' });
  const nothing = await postern(['group', 'update', 'ops']);
  expect(nothing).toMatchObject({ exitCode: 2, out: '', asked: undefined });
  expect(nothing.err).toContain('--comments');
});

test('secrets are asked for, when all the rest makes sense, and never said', async () => {
  reply = { status: 204 };
  const done = await postern(['me', 'change-password'], { secret: ['canary-old', 'canary-new'] });
  expect(done.asked?.body).toEqual({ oldPassword: 'canary-old', newPassword: 'canary-new' });
  expect(done.out + done.err).not.toContain('canary');
});

test('lists are tables no wider than the screen, the useful columns first', async () => {
  const item = {
    groupName: 'ops',
    displayName: 'Operators',
    comments: 'x'.repeat(60),
    createdAt: '2026-03-01T09:30:12.345Z',
  };
  reply = { status: 200, body: { items: [item] } };
  const wide = await postern(['group', 'list']);
  expect(wide.out.split('\n')[0]).toMatch(/^GROUP NAME +DISPLAY NAME +.*COMMENTS/);
  expect(wide.out).toContain('2026-03-01 09:30 UTC');
  const narrow = await postern(['group', 'list'], { columns: 40 });
  expect(narrow.out.split('\n').every((line) => line.length <= 40)).toBe(true);
  expect(narrow.out).toContain('ops');
  expect(narrow.err).toContain('--json shows all');
});

test('a list goes on page by page up to what is asked for, and says when there is more', async () => {
  reply = { status: 200, body: { items: [{ groupName: 'a' }, { groupName: 'b' }], nextCursor: 'next' } };
  const { out, err } = await postern(['group', 'list', '--limit', '3', '--json']);
  expect((JSON.parse(out) as { items: unknown[] }).items).toHaveLength(4);
  expect(server.recorded.map(({ query }) => [query['limit'], query['cursor']])).toEqual([
    ['3', undefined],
    ['1', 'next'],
  ]);
  expect(err).toContain('more than 3');
});

test('what can be had whole is passed on as it comes, to the terminal or to a file for its owner alone', async () => {
  const lines = '{"eventId":"2"}\n{"eventId":"1"}';
  reply = { status: 200, headers: { 'content-type': 'application/x-ndjson' }, text: lines };
  const { out, asked } = await postern([
    'audit',
    'export',
    '--from',
    '2026-01-01T00:00:00Z',
    '--to',
    '2026-02-01T00:00:00Z',
  ]);
  expect(out).toBe(lines);
  expect(asked).toMatchObject({
    path: '/audit-events',
    query: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
  });
  expect(asked?.headers['accept']).toBe('application/x-ndjson');
  const file = join(directory, 'events.jsonl');
  expect(await postern(['audit', 'export', '--output', file])).toMatchObject({ exitCode: 0, out: '' });
  expect(readFileSync(file, 'utf8')).toBe(lines);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a refusal leaves no file behind', async () => {
  reply = { status: 403, body: { code: 'NoPermission', detail: 'You may not.' } };
  const file = join(directory, 'refused.csv');
  expect(await postern(['user', 'credential-report', '--output', file])).toMatchObject({ exitCode: 1, out: '' });
  expect(() => statSync(file)).toThrow('ENOENT');
});
