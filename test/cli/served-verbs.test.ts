import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { field, type Ran, run } from './captured-terminal.ts';
import { type CliProcess, newPlace, readFirstRun, readyLine, startCli } from './served-postern.ts';

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

/** Runs a verb with the key of the first run, which is what a newcomer has. */
const postern = (...args: string[]): Promise<Ran> => run(args, { env: place.env });

async function done(...args: string[]): Promise<Ran> {
  const ran = await postern(...args);
  if (ran.exitCode !== 0) throw new Error(ran.err);
  return ran;
}

const json = async <T>(schema: z.ZodType<T>, ...args: string[]): Promise<T> =>
  schema.parse(JSON.parse((await done(...args, '--json')).out));

const refused = async (...args: string[]): Promise<string> => {
  const ran = await postern(...args);
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  return ran.err;
};

const userJson = z.looseObject({ userName: z.string(), status: z.string(), email: z.string().nullable() });
const showUser = (name: string) => json(userJson, 'user', 'show', name);

test('a new user comes with one block to hand over', async () => {
  const created = await done('user', 'create', 'alice', '--display-name', 'Alice Li', '--access-key');
  const { publicUrl } = readFirstRun(place.env['DATA_DIR'] ?? '');
  expect(created.out.split('\n')).toHaveLength(5);
  expect(field(created, 'Logon address')).toBe(`${publicUrl}/demo`);
  expect(field(created, 'Logon name')).toBe('alice@demo.localhost');
  expect(field(created, 'One-time password').length).toBeGreaterThanOrEqual(20);
  expect(field(created, 'Access key id')).toMatch(/^PSTK/);
});

test('several users are created together or not at all, each with a block', async () => {
  const created = await done('user', 'create', 'bob', 'carol');
  expect(created.out.split('\n\n').map((block) => block.includes('bob@') || block.includes('carol@'))).toEqual([
    true,
    true,
  ]);
  expect(await refused('user', 'create', 'dave', 'bob')).toContain('EntityAlreadyExists.User');
  expect(await refused('user', 'show', 'dave')).toContain('EntityNotExist.User');
});

test('every fault of a refused request is told', async () => {
  const err = await refused('user', 'create', 'e v e', '--email', 'nobody', '--mobile-phone', '1');
  for (const field of ['userName', 'email', 'mobilePhone']) expect(err).toContain(`  ${field}: `);
  expect(err).toContain('Request id:');
});

test('a password is read, not generated, when that is asked for, and never said', async () => {
  const password = 'a fine long passphrase, mostly';
  const args = ['user', 'create', 'frank', '--password-stdin', '--json'];
  const ran = await run(args, { env: place.env, secret: password });
  expect(ran.exitCode).toBe(0);
  expect(ran.out).not.toContain('initialPassword');
  expect(ran.out + ran.err).not.toContain(password);
});

test('a user without logon to pages gets a key alone: no password and no address of a page', async () => {
  const { out } = await done('user', 'create', 'robot', '--no-console-logon', '--access-key');
  expect(out.split('\n').map((line) => line.split(':')[0])).toEqual([
    'User name',
    'User id',
    'Access key id',
    'Access key secret',
  ]);
});

test('a policy gives rights when it is attached and takes them along when it is detached', async () => {
  const created = await done('user', 'create', 'nina', '--no-console-logon', '--access-key');
  const { publicUrl } = readFirstRun(place.env['DATA_DIR'] ?? '');
  const env = {
    POSTERN_ISSUER: `${publicUrl}/demo`,
    POSTERN_ACCESS_KEY_ID: field(created, 'Access key id'),
    POSTERN_ACCESS_KEY_SECRET: field(created, 'Access key secret'),
  };
  const list = () => run(['user', 'list'], { env });
  expect((await list()).err).toContain('NoPermission');
  await done('user', 'attach-policy', 'nina', 'AliyunRAMReadOnlyAccess');
  expect((await done('user', 'list-policies', 'nina')).out).toMatch(/AliyunRAMReadOnlyAccess +system +\d{4}-/);
  expect((await list()).out).toContain('nina');
  await done('user', 'detach-policy', 'nina', 'AliyunRAMReadOnlyAccess');
  expect(await list()).toMatchObject({ exitCode: 1, out: '' });
  expect((await done('user', 'list-policies', 'nina')).out.split('\n')).toHaveLength(1);
});

test("the account's own policy is attached by its name too, and a group's is told apart from a user's own", async () => {
  const document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"wiki:*","Resource":"*"}]}';
  for (const name of ['wiki-own', 'wiki-common']) await done('policy', 'create', name, '--policy-document', document);
  await done('group', 'create', 'writers');
  await done('user', 'create', 'petra', '--no-console-logon');
  await done('group', 'attach-policy', 'writers', 'wiki-common');
  await done('user', 'add-to-group', 'petra', 'writers');
  await done('user', 'attach-policy', 'petra', 'wiki-own');
  const list = (await done('user', 'list-policies', 'petra')).out;
  expect(list).toMatch(/wiki-own +custom +\S+ \S+ UTC +-$/m);
  expect(list).toMatch(/wiki-common +custom +\S+ \S+ UTC +writers$/m);
  const question = '[{"action":"wiki:Edit","resource":"acs:wiki:*:*:page/start"}]';
  const decided = await done('policy', 'decide', '--user-name', 'petra', '--decisions', question);
  expect(decided.out).toMatch(/allow +.*wiki-\w+ v1 statement 0/);
  expect(await refused('user', 'attach-policy', 'petra', 'wiki-own', '--policy-type', 'system')).toContain(
    'EntityNotExist.Policy',
  );
  await done('user', 'detach-policy', 'petra', 'wiki-own');
  expect((await done('user', 'list-policies', 'petra')).out).not.toContain('wiki-own');
});

test('a policy that does not exist is attached to nobody', async () => {
  await done('user', 'create', 'olga', '--no-console-logon');
  expect(await refused('user', 'attach-policy', 'olga', 'NoSuchPolicy')).toContain('EntityNotExist.Policy');
  expect(await refused('user', 'detach-policy', 'olga', 'AdministratorAccess')).toContain('EntityNotExist.User.Policy');
  expect(await json(z.object({ items: z.array(z.unknown()) }), 'user', 'list-policies', 'olga')).toEqual({ items: [] });
});

test.each([
  [['application', 'show', 'app_nope'], 'This application does not exist. (EntityNotExist.Application)'],
  [['application', 'update', 'app_nope', '--display-name', 'x'], 'This application does not exist.'],
  [['access-key', 'delete', 'admin', 'PSTKnope'], 'This access key does not exist. (EntityNotExist.User.AccessKey)'],
])('%j says that there is no such thing, whatever the form of its id', async (args, sentence) => {
  expect(await refused(...args)).toContain(sentence);
});

test('people get short times, programs whole ones', async () => {
  expect(field(await done('user', 'show', 'admin'), 'Created')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  const { createdAt } = await json(z.looseObject({ createdAt: z.string() }), 'user', 'show', 'admin');
  expect(createdAt).toMatch(/T.*Z$/);
});

test('users are listed, searched and changed', async () => {
  await done('user', 'create', 'grace', '--email', 'grace@example.com', '--comments', 'night shift');
  const table = await done('user', 'list', '--q', 'grace');
  expect(table.out.split('\n')[0]).toMatch(/^NAME +DISPLAY NAME +STATUS/);
  expect(table.out.split('\n')).toHaveLength(2);
  await done('user', 'update', 'grace', '--email', '', '--new-name', 'grace.h');
  expect(await showUser('grace.h')).toMatchObject({ email: null, comments: 'night shift' });
  expect(await refused('user', 'show', 'grace')).toContain('EntityNotExist.User');
});

test('a list longer than asked for is cut and says so', async () => {
  await done('user', 'create', 'page1', 'page2', 'page3');
  const ran = await done('user', 'list', '--limit', '2', '--json');
  expect(z.object({ items: z.array(z.unknown()) }).parse(JSON.parse(ran.out)).items).toHaveLength(2);
  expect(ran.err).toContain('more than 2');
});

test("a disabled user's key is refused from then on, and works again when enabled", async () => {
  const created = await done('user', 'create', 'heidi', '--access-key');
  const { publicUrl } = readFirstRun(place.env['DATA_DIR'] ?? '');
  const env = {
    POSTERN_ISSUER: `${publicUrl}/demo`,
    POSTERN_ACCESS_KEY_ID: field(created, 'Access key id'),
    POSTERN_ACCESS_KEY_SECRET: field(created, 'Access key secret'),
  };
  const show = () => run(['account', 'show'], { env });
  expect(field(await show(), 'Acting as')).toBe('heidi@demo.localhost');
  await done('user', 'disable', 'heidi');
  expect(await show()).toMatchObject({ exitCode: 1, out: '' });
  await done('user', 'enable', 'heidi');
  expect((await show()).exitCode).toBe(0);
});

test('a user who may nothing is told so, and nothing happens', async () => {
  const key = await json(
    z.looseObject({ accessKey: z.looseObject({ id: z.string(), secret: z.string() }) }),
    ...['user', 'create', 'ivan', '--access-key'],
  );
  const { publicUrl } = readFirstRun(place.env['DATA_DIR'] ?? '');
  const env = {
    POSTERN_ISSUER: `${publicUrl}/demo`,
    POSTERN_ACCESS_KEY_ID: key.accessKey.id,
    POSTERN_ACCESS_KEY_SECRET: key.accessKey.secret,
  };
  const ran = await run(['user', 'create', 'mallory'], { env });
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('NoPermission');
  expect(await refused('user', 'show', 'mallory')).toContain('EntityNotExist.User');
});

test('a reset password replaces the old one and is handed over', async () => {
  const created = await done('user', 'create', 'judy');
  const reset = await done('user', 'reset-password', 'judy');
  expect(field(reset, 'Logon name')).toBe('judy@demo.localhost');
  expect(field(reset, 'Logon address')).toBe(field(created, 'Logon address'));
  expect(field(reset, 'One-time password')).not.toBe(field(created, 'One-time password'));
});

test('deleting names what hangs on a user, and takes it along when told to', async () => {
  await done('user', 'create', 'kate', '--access-key');
  const err = await refused('user', 'delete', 'kate');
  expect(err).toContain('a login profile');
  expect(err).toContain('access keys');
  expect(err).toContain('--cascade');
  await showUser('kate');
  await done('user', 'delete', 'kate', '--cascade');
  expect(await refused('user', 'show', 'kate')).toContain('EntityNotExist.User');
});

test('access keys are made, listed without secret, switched off and deleted', async () => {
  await done('user', 'create', 'leo', '--no-console-logon');
  const created = await done('access-key', 'create', 'leo');
  const id = field(created, 'Access key id');
  const list = await done('user', 'access-key', 'list', 'leo');
  expect(list.out).toMatch(new RegExp(`${id} +active`));
  expect(list.out).not.toContain(field(created, 'Access key secret'));
  await done('access-key', 'disable', 'leo', id);
  expect((await done('access-key', 'list', 'leo')).out).toMatch(new RegExp(`${id} +inactive`));
  await done('access-key', 'delete', 'leo', id);
  expect((await done('access-key', 'list', 'leo')).out).not.toContain(id);
});

test('applications are registered, shown, changed and deleted', async () => {
  const created = await done('application', 'create', 'Wiki', '--redirect-uri', 'https://wiki.example.com/cb');
  const clientId = field(created, 'Client id');
  expect(field(created, 'Client secret')).toMatch(/^psec_/);
  expect(field(await done('application', 'show', clientId), 'Redirect address')).toBe('https://wiki.example.com/cb');
  await done('application', 'update', clientId, '--display-name', 'Handbook', '--first-party', 'on');
  const shown = await done('application', 'show', clientId);
  expect(field(shown, 'Display name')).toBe('Handbook');
  expect(field(shown, 'First party')).toBe('yes');
  await done('application', 'update', clientId, '--refresh-token-grace', '0', '--required-level', 'mfa');
  const stricter = await done('application', 'show', clientId);
  expect([field(stricter, 'Refresh token grace'), field(stricter, 'Required level')]).toEqual([
    '0 s',
    'urn:postern:acr:mfa',
  ]);
  await done('application', 'update', clientId, '--refresh-token-grace', '', '--required-level', 'none');
  const asTheTypeHasIt = await done('application', 'show', clientId);
  expect([field(asTheTypeHasIt, 'Refresh token grace'), field(asTheTypeHasIt, 'Required level')]).toEqual(['-', '-']);
  expect((await done('application', 'list', '--q', 'handb')).out).toContain(clientId);
  await done('application', 'delete', clientId);
  expect(await refused('application', 'show', clientId)).toContain('EntityNotExist.Application');
});

test('an application with a bad address is refused with the place of the fault, and not registered', async () => {
  const err = await refused('application', 'create', 'Trap', '--redirect-uri', 'javascript:alert(1)');
  expect(err).toContain('  redirectUris[0]: ');
  expect((await done('application', 'list', '--q', 'Trap')).out.split('\n')).toHaveLength(1);
});

test('a fault of a change names the field', async () => {
  const created = await done('application', 'create', 'Desk', '--redirect-uri', 'https://desk.example.com/cb');
  const clientId = field(created, 'Client id');
  const err = await refused('application', 'update', clientId, '--redirect-uri', 'com.example.desk:/cb');
  expect(err).toContain('  redirectUris[0]: ');
});

test('secrets are rotated: a second one beside the first, then the first is deleted', async () => {
  const created = await done('application', 'create', 'Shop', '--redirect-uri', 'https://shop.example.com/cb');
  const clientId = field(created, 'Client id');
  const secretList = z.object({
    items: z.array(z.object({ secretId: z.string(), createdAt: z.string(), expiresAt: z.null() })),
  });
  const [first] = (await json(secretList, 'application', 'list-secrets', clientId)).items;
  const rotated = await done('application', 'rotate-secret', clientId);
  expect(field(rotated, 'Client secret')).not.toBe(field(created, 'Client secret'));
  await done('application', 'delete-secret', clientId, first?.secretId ?? '');
  const left = (await json(secretList, 'application', 'list-secrets', clientId)).items;
  expect(left.map(({ secretId }) => secretId)).toEqual([field(rotated, 'Secret id')]);
  await done('application', 'rotate-secret', clientId, '--remove-others');
  expect((await json(secretList, 'application', 'list-secrets', clientId)).items).toHaveLength(1);
});
