import { asc, eq, gt, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import { operations } from '../../src/domain/operations.ts';
import { insertUserPolicy } from '../../src/domain/policies/user-policies-store.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { userPolicies } from '../../src/storage/db/schema/policy-attachments.ts';
import { users } from '../../src/storage/db/schema/users.ts';
import { placeholdersOf } from '../../src/web/api/read-input.ts';
import type { Route } from '../../src/web/api/route-types.ts';
import { routes } from '../../src/web/api/routes.ts';
import { newAccount, type TestAccount } from '../domain/operation-harness.ts';
import { type Answered, callerOn } from '../web/api/api-server.ts';
import { type ExampleWorld, isOutOfReach, openExampleWorld } from '../web/api/example-world.ts';
import { browserOnlyOperations } from '../support/browser-only-operations.ts';
import { isOwn } from './support/api-requests.ts';
import { digestOf } from './support/database-digest.ts';
import { mayDo, onOneself, resourcesTouched, type Role, roles } from './support/operation-verdicts.ts';
import { openRewindableServer, type RewindableServer } from './support/rewindable-server.ts';

let server: RewindableServer;
/** Whose things are asked for. */
let world: ExampleWorld;
/** Another account with things of the same names. */
let otherWorld: ExampleWorld;
/** An account with nothing but its administrator. */
let bare: TestAccount;
beforeAll(async () => {
  server = await openRewindableServer();
  [world, otherWorld] = [await openExampleWorld(server), await openExampleWorld(server)];
  bare = await newAccount(server.harness);
  // Which counts for nothing outside the platform's own account.
  const { accountId, admin } = bare;
  const elsewhere = { accountId, userId: admin.userId, policyName: 'PlatformAdministratorAccess' };
  await insertUserPolicy(database(), { policyType: 'system', ...elsewhere });
});
afterAll(() => server.close());

const database = () => server.harness.deps.db;

/** The caller for whom the world was made, with the rights of a role and no others. */
async function inRole({ account: { accountId, admin } }: ExampleWorld, role: Role): Promise<Caller> {
  const { userId } = admin;
  await database().delete(userPolicies).where(eq(userPolicies.userId, userId));
  for (const policyName of role.policyNames)
    await insertUserPolicy(database(), { accountId, userId, policyType: 'system', policyName });
  if (role.frozen === true) await database().update(users).set({ status: 'frozen' }).where(eq(users.userId, userId));
  return { ...admin, apiAccess: role.apiAccess ?? 'full' };
}

/** What came of a request: the answer, and what it left in the database. */
interface Course {
  readonly answer: Answered;
  readonly code: unknown;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  readonly events: readonly (typeof auditEvents.$inferSelect)[];
}

async function attempt(
  { account, caller }: { readonly account: TestAccount; readonly caller: Caller },
  [line, body]: readonly [string, unknown],
): Promise<Course> {
  const before = await digestOf(database());
  const [{ last } = { last: 0 }] = await database()
    .select({ last: sql<number>`coalesce(max(${auditEvents.auditEventId}), 0)::int` })
    .from(auditEvents);
  const answer = await callerOn(server, account, caller)(line, body);
  const events = await database()
    .select()
    .from(auditEvents)
    .where(gt(auditEvents.auditEventId, last))
    .orderBy(asc(auditEvents.auditEventId));
  return { answer, code: answer.body['code'], before, after: await digestOf(database()), events };
}

const byName = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** Each event in short, with whoever caused it: this caller or the deployment. */
const told = ({ events }: Course, { userId }: Caller) =>
  events
    .filter(({ actorVia }) => actorVia !== 'platform')
    .map(({ actorUserId, action, outcome }) => [actorUserId === userId, action, outcome]);

const expected = (route: Route, outcome: 'success' | 'refused') =>
  Array.from({ length: resourcesTouched[route.operation.name] ?? 1 }, () => [true, route.operation.action, outcome]);

interface Attempted {
  /** Of the role. */
  readonly name: string;
  readonly caller: Caller;
  readonly route: Route;
}

function expectRefused(course: Course, { name, caller, route }: Attempted): void {
  expect([course.answer.status, course.code], name).toEqual([403, 'NoPermission']);
  expect(course.after, name).toEqual(course.before);
  expect(told(course, caller), name).toEqual(expected(route, 'refused'));
  expect(course.events.map(({ details }) => details)).toEqual(course.events.map(() => ({ code: 'NoPermission' })));
}

function expectDone(course: Course, { name, caller, route }: Attempted): void {
  const reads = route.operation.effect === 'read';
  if (reads || isOutOfReach(route)) expect(course.after, name).toEqual(course.before);
  if (isOutOfReach(route)) {
    expect([course.answer.status, course.code], name).toEqual([404, expect.stringMatching(/^EntityNotExist\./)]);
    return;
  }
  expect([course.answer.status, course.answer.text], name).toEqual([route.status, course.answer.text]);
  expect(told(course, caller), name).toEqual(reads ? [] : expected(route, 'success'));
}

describe.each(byName)('%s', (_name, route) => {
  it('is done or refused for each role as the role promises', async () => {
    await server.rewound(async () => {
      const request = await world.requestFor(route);
      for (const [name, role] of Object.entries<Role>(roles)) {
        await server.rewound(async () => {
          const caller = await inRole(world, role);
          const course = await attempt({ ...world, caller }, request);
          if (mayDo(role, route.operation)) expectDone(course, { name, caller, route });
          else expectRefused(course, { name, caller, route });
        });
      }
    });
  });

  it('by the administrator of another account reaches nothing of this one', async () => {
    await server.rewound(async () => {
      const request = await world.requestFor(route);
      const before = await digestOf(database(), world.account.accountId);
      const course = await attempt({ account: bare, caller: bare.admin }, request);
      const { answer, events } = course;
      if (route.operation.action.startsWith('postern:'))
        expectRefused(course, { name: 'administrator of another account', caller: bare.admin, route });
      expect(await digestOf(database(), world.account.accountId)).toEqual(before);
      expect(answer.text).not.toContain(world.account.accountId);
      expect(answer.text).not.toContain(world.account.admin.userId);
      for (const { accountId } of events) expect(accountId).not.toBe(world.account.accountId);
    });
  });
});

/** Well-formed names and ids that nothing has. */
const absent: Readonly<Record<string, string>> = {
  userName: 'nobody-here',
  groupName: 'no-such-group',
  policyName: 'no-such-policy',
  policyType: 'custom',
  versionId: 'v77',
  userId: '999999999999999999',
  accountId: '9999999999999999',
  accountAlias: 'never-there',
  accessKeyId: 'PSTK00000000000000000000',
  clientId: 'app_00000000000000000000',
  secretId: 'sec_00000000000000000000',
  kid: 'sig_00000000000000000000',
  mfaDeviceId: 'mfa_00000000000000000000',
  deviceId: 'dev_00000000000000000000',
  sessionId: 'A'.repeat(43),
};

const searchOf = (line: string): string => /\?.*$/.exec(line)?.[0] ?? '';

/** The address of a route with these things in it, where they are known. */
function lineFor(route: Route, values: Readonly<Record<string, string>>, search: string): string {
  const path = route.path.replace(/:(\w+)/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing is known that could be an absent :${name}`);
    return encodeURIComponent(value);
  });
  return `${route.method} ${path}${search}`;
}

/** What a line has for the placeholders of its route. */
function valuesIn(route: Route, line: string): Record<string, string> {
  const parts = (line.split(' ')[1] ?? '').split('?')[0]?.split('/') ?? [];
  const names = route.path.split('/');
  return Object.fromEntries(
    names.flatMap((name, index) =>
      name.startsWith(':') ? [[name.slice(1), decodeURIComponent(parts[index] ?? '')]] : [],
    ),
  );
}

/** All that an answer tells, but for what is new in each. */
const tells = ({ answer: { status, body } }: Course) => ({ status, body: { ...body, requestId: '' } });

/** Without counts of tries at a password. */
const unthrottled = ({ ephemeral_entries: _tries, ...tables }: Course['after']) => tables;

const missing = /^(EntityNotExist\.|NoPermission$)/;

const named = byName.filter(([, { path }]) => path.includes(':'));

describe.each(named)('what %s names', (_name, route) => {
  it('is, to the administrator of another account, as if it were not there', async () => {
    await server.rewound(async () => {
      const [line, body] = await world.requestFor(route);
      const caller = { account: bare, caller: bare.admin };
      const there = await attempt(caller, [line, body]);
      // Deleting with everything that hangs on it is content with nothing; whoever removes a factor proves themselves first.
      if (there.answer.status !== 204)
        expect(there.code).toMatch(isOwn(route) ? /^(EntityNotExist\.|InvalidOldPassword$)/ : missing);
      else expect(line).toMatch(/^DELETE .*cascade=true/);
      expect(unthrottled(there.after)).toEqual(unthrottled(there.before));
      const nowhere = await attempt(caller, [lineFor(route, absent, searchOf(line)), body]);
      expect(tells(there)).toEqual(tells(nowhere));
    });
  });
});

describe.each(named.filter(([, route]) => !isOwn(route)))('what %s names', (_name, route) => {
  it('is, to whoever may not see it, as if it were not there', async () => {
    await server.rewound(async () => {
      const [line, body] = await world.requestFor(route);
      const caller = { ...world, caller: await inRole(world, roles['no policy']) };
      const there = await attempt(caller, [line, body]);
      const nowhere = await attempt(caller, [lineFor(route, absent, searchOf(line)), body]);
      expect([there.answer.status, there.code]).toEqual([403, 'NoPermission']);
      expect(tells(there)).toEqual(tells(nowhere));
    });
  });
});

const nested = named.filter(([, { path }]) => placeholdersOf(path).length > 1);

it.each(nested)('%s finds nothing of another account under what is one’s own', async (_name, route) => {
  await server.rewound(async () => {
    const [theirs] = await world.requestFor(route);
    const [ours, body] = await otherWorld.requestFor(route);
    const last = placeholdersOf(route.path).at(-1) ?? '';
    const stranger = valuesIn(route, theirs)[last] ?? '';
    const own = valuesIn(route, ours);
    // Names and numbers are the same in both.
    if (own[last] === stranger) return;
    const caller = await inRole(otherWorld, roles.administrator);
    const line = lineFor(route, { ...own, [last]: stranger }, searchOf(ours));
    const course = await attempt({ ...otherWorld, caller }, [line, body]);
    expect([course.answer.status, course.code]).toEqual([404, expect.stringMatching(/^EntityNotExist\./)]);
    expect(course.after).toEqual(course.before);
  });
});

it('the digest sees what is written, and so is what is undone', async () => {
  const before = await digestOf(database());
  const { users: written, ...others } = await server.rewound(async () => {
    await world.call('PATCH /users/alice', { comments: 'seen' });
    return await digestOf(database());
  });
  expect({ users: before['users'], ...others }).toEqual(before);
  expect(written).not.toBe(before['users']);
  expect(await digestOf(database())).toEqual(before);
});

describe('the table of verdicts', () => {
  it('knows every operation that users may do on themselves, and no other', () => {
    const own = routes.filter(isOwn).map(({ operation }) => operation.name);
    expect(Object.keys(onOneself).sort()).toEqual([...new Set([...own, ...browserOnlyOperations])].sort());
  });

  it('was held against every operation', () => {
    // Those without an address are held against it where they are tested.
    const walked = new Set([...routes.map(({ operation }) => operation.name), ...browserOnlyOperations]);
    expect(operations.filter(({ name }) => !walked.has(name)).map(({ name }) => name)).toEqual([]);
  });
});
