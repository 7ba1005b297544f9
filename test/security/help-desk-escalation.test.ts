import fc from 'fast-check';
import { and, eq, gt, notLike, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PasswordHasher } from '../../src/crypto/password-hashing.ts';
import { AppError } from '../../src/domain/app-error.ts';
import {
  type Operation,
  type OperationDeps,
  type OperationOutline,
  performOperation,
} from '../../src/domain/operation.ts';
import { operations } from '../../src/domain/operations.ts';
import { createGroup } from '../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../src/domain/groups/group-membership.ts';
import { putLoginProfile } from '../../src/domain/login-profiles/put-login-profile.ts';
import { createPolicy } from '../../src/domain/policies/create-policy.ts';
import { attachPolicyToGroup } from '../../src/domain/policies/group-policy-operations.ts';
import { attachPolicyToUser } from '../../src/domain/policies/user-policy-operations.ts';
import { updateUser } from '../../src/domain/users/update-user.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { refusal } from '../domain/operation-harness.ts';
import { allowing, documentOf } from '../domain/policies/custom-policy.ts';
import { type HelpDeskWorld, openHelpDeskWorld } from './support/help-desk-world.ts';
import { placesOf } from './support/input-schema.ts';
import { likelyInputs, type Pools } from './support/likely-inputs.ts';
import { openRewindableServer, type RewindableServer } from './support/rewindable-server.ts';
import {
  isMighty,
  type HeldPolicy,
  type Readings,
  readStanding,
  type Standing,
  type Universe,
  type UserStanding,
} from './support/standing.ts';

/** Nobody guesses here, so hashes may be quick. */
const quickHasher: PasswordHasher = {
  hash: (password) => Promise.resolve(`quick:${password}`),
  verify: (password, stored) => Promise.resolve(stored === `quick:${password}`),
};

let server: RewindableServer;
let world: HelpDeskWorld;
let universe: Universe;
const readings: Readings = new Map();
beforeAll(async () => {
  server = await openRewindableServer();
  world = await openHelpDeskWorld(server.harness);
  universe = universeOf(world);
});
afterAll(() => server.close());

const deps = (): OperationDeps => ({ ...server.harness.deps, passwordHasher: quickHasher });

const resourceOf = (kind: string, name: string): string => `acs:ram:*:${world.accountId}:${kind}/${name}`;

function universeOf({ accountId, userNames, groupNames, policyNames }: HelpDeskWorld): Universe {
  const resources = [
    ...userNames.map((name) => resourceOf('user', name)),
    ...groupNames.map((name) => resourceOf('group', name)),
    ...policyNames.map((name) => resourceOf('policy', name)),
    ...[resourceOf('application', 'app_1'), resourceOf('mfa', '*'), `acs:ram:*:${accountId}:*`],
    `acs:postern:*:${accountId}:account/${accountId}`,
  ];
  const changes = operations.flatMap(({ action, effect }) => (effect === 'change' ? [action] : []));
  return { changes: [...new Set(changes)], resources };
}

const mighty = (policy: HeldPolicy, userName?: string): boolean =>
  isMighty(policy, universe, { own: userName === undefined ? '' : resourceOf('user', userName), readings });

const isAdministrator = ({ userName, policies }: UserStanding): boolean =>
  policies.some((policy) => mighty(policy, userName));

/** One call by one of those whom the helper controls. */
interface Step {
  readonly actor: number;
  readonly operation: OperationOutline;
  readonly input: unknown;
}

/** Where whom it is done to is named, there is most to be found. */
function weightOf({ effect, input }: OperationOutline): number {
  if (effect === 'read') return 1;
  return placesOf(input).some(({ path }) => /^(user|group|policy)Name$/.test(String(path.at(-1)))) ? 8 : 2;
}

function coursesOf(candidates: readonly OperationOutline[], pools: Pools): fc.Arbitrary<readonly Step[]> {
  const step = fc.oneof(
    ...candidates.map((operation) => ({
      weight: weightOf(operation),
      arbitrary: fc.record({
        actor: fc.nat({ max: 5 }),
        operation: fc.constant(operation).map((one) => Object.assign(one, { [fc.toStringMethod]: () => one.name })),
        input: likelyInputs(operation.input, pools),
      }),
    })),
  );
  return fc.array(step, { minLength: 1, maxLength: 14 });
}

const some = (values: readonly unknown[] = [], maxLength: number) =>
  fc.shuffledSubarray([...values], { minLength: 1, maxLength });

/** Few operations on few things, beside the one that gives control: what takes several steps is met far more often so. */
const narrowCourses = (): fc.Arbitrary<readonly Step[]> =>
  fc
    .record({
      few: fc.shuffledSubarray([...operations], { minLength: 2, maxLength: 8 }),
      userName: some(world.pools['userName'], 3),
      groupName: some(world.pools['groupName'], 2),
      policyName: some(world.pools['policyName'], 3),
    })
    .chain(({ few, ...names }) => coursesOf([...new Set([putLoginProfile, ...few])], { ...world.pools, ...names }));

/** What is known of a walk under way. */
interface Walk {
  readonly controlled: Set<string>;
  standing: Standing;
}

async function lastEvent(): Promise<number> {
  const [row] = await deps()
    .db.select({ last: sql<number>`coalesce(max(${auditEvents.auditEventId}), 0)::int` })
    .from(auditEvents);
  return row?.last ?? 0;
}

/** The resources that were changed since, as the log tells. */
async function changedSince(last: number): Promise<string[]> {
  const isSince = and(gt(auditEvents.auditEventId, last), eq(auditEvents.outcome, 'success'));
  const rows = await deps()
    .db.select({ resource: auditEvents.resource })
    .from(auditEvents)
    .where(and(isSince, notLike(auditEvents.action, '%:Get%'), notLike(auditEvents.action, '%:List%')));
  return rows.map(({ resource }) => resource);
}

/** Everything that makes administrators, and they themselves but for those that the helper controls. */
function outOfReach({ standing, controlled }: Walk): string[] {
  const groups = Object.entries(standing.groups).filter(([, policies]) => policies.some((policy) => mighty(policy)));
  return [
    ...administratorsOf({ standing, controlled }).map(({ userName }) => resourceOf('user', userName)),
    ...groups.map(([name]) => resourceOf('group', name)),
    ...standing.policies
      .filter((policy) => mighty(policy))
      .map(({ name, isShipped }) => (isShipped ? `acs:ram:*:system:policy/${name}` : resourceOf('policy', name))),
  ];
}

const administratorsOf = ({ standing, controlled }: Walk): UserStanding[] =>
  standing.users.filter((user) => !controlled.has(user.userId) && isAdministrator(user));

/** Does one step as whom it says. Answers whether anything may have changed. */
async function take({ controlled, standing }: Walk, { actor, operation, input }: Step): Promise<boolean> {
  const userId = [...controlled][actor % controlled.size];
  const user = standing.users.find((one) => one.userId === userId);
  if (user === undefined) return false;
  const caller = { ...world.helper, userId: user.userId, userName: user.userName, mfaPresent: true };
  try {
    await performOperation(deps(), caller, operation as Operation<unknown, unknown, unknown>, input);
    return operation.effect === 'change';
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Whoever got a password or a key is known to whoever made it. */
function takeControl({ controlled, standing }: Walk, after: Standing): void {
  const known = new Set(standing.users.flatMap(({ credentials }) => credentials));
  for (const { userId, credentials } of after.users)
    if (credentials.some((credential) => !known.has(credential))) controlled.add(userId);
}

async function walk(course: readonly Step[]): Promise<void> {
  const { userId: helperId } = world.helper;
  const at: Walk = { controlled: new Set([helperId]), standing: await readStanding(deps().db, world.accountId) };
  const helperAtFirst = powersOf(at.standing, helperId);
  let last = await lastEvent();
  for (const step of course) {
    if (!(await take(at, step))) continue;
    const after = await readStanding(deps().db, world.accountId);
    const reached = outOfReach(at);
    expect((await changedSince(last)).filter((resource) => reached.includes(resource))).toEqual([]);
    last = await lastEvent();
    for (const { userId, everything } of administratorsOf(at))
      expect(after.users.find((user) => user.userId === userId)?.everything).toBe(everything);
    takeControl(at, after);
    at.standing = after;
    const own = after.users.filter(({ userId }) => userId !== helperId && at.controlled.has(userId));
    expect(own.filter(isAdministrator).map(({ userName }) => userName)).toEqual([]);
    for (const power of powersOf(after, helperId)) expect(helperAtFirst).toContain(power);
    expect(powersOf(after, helperId, 'PosternHelpDeskAccess').length > 0).toBe(isThere(after, helperId));
  }
}

const isThere = ({ users }: Standing, userId: string): boolean => users.some((user) => user.userId === userId);

/** The policies by which a user is mighty, with what they say. */
const powersOf = ({ users }: Standing, userId: string, called?: string): string[] =>
  users
    .filter((user) => user.userId === userId)
    .flatMap(({ policies, userName }) => policies.filter((policy) => mighty(policy, userName)))
    .filter(({ name }) => called === undefined || name === called)
    .map(({ name, document }) => `${name} ${document}`);

/** What a helper has: the shipped policy, itself or through a group, and one that allows more. */
interface Rights {
  readonly shipped?: 'attached' | 'through a group';
  readonly extra?: ReturnType<typeof documentOf>;
}

async function furnish({ shipped, extra }: Rights): Promise<void> {
  const act = async <Input, Prepared, Output>(operation: Operation<Input, Prepared, Output>, input: unknown) =>
    await performOperation(deps(), world.admin, operation, input);
  const helpDesk = { policyType: 'system', policyName: 'PosternHelpDeskAccess' };
  if (shipped === 'attached') await act(attachPolicyToUser, { userName: 'helper', ...helpDesk });
  if (shipped === 'through a group') {
    await act(createGroup, { groupName: 'new-group' });
    await act(attachPolicyToGroup, { groupName: 'new-group', ...helpDesk });
    await act(addUserToGroup, { groupName: 'new-group', userName: 'helper' });
  }
  if (extra === undefined) return;
  await act(createPolicy, { policyName: 'extra', policyDocument: extra });
  await act(attachPolicyToUser, { userName: 'helper', policyType: 'custom', policyName: 'extra' });
}

const walking = () =>
  fc.asyncProperty(fc.oneof(coursesOf(operations, world.pools), narrowCourses()), (course) =>
    server.rewound(() => walk(course)),
  );

const everyGroup = { Action: 'ram:*', Resource: 'acs:ram:*:*:group/*' };
const everyPolicy = { Action: 'ram:*', Resource: 'acs:ram:*:*:policy/*' };
const joining = { Action: 'ram:AddUserToGroup' };
const writing = { Action: 'ram:CreatePolicyVersion', Resource: 'acs:ram:*:*:policy/*' };

describe('whatever somebody of the help desk does, as themselves or as whom they gave a password: nobody becomes an administrator, and none is touched', () => {
  it.each<[string, Rights]>([
    ['with the shipped policy alone', { shipped: 'attached' }],
    ['with it through a group', { shipped: 'through a group' }],
    ['and every right over groups', { shipped: 'through a group', extra: documentOf(everyGroup) }],
    ['and the right to let anybody join any group', { shipped: 'attached', extra: documentOf(joining) }],
    ['and the right to write any policy anew', { shipped: 'attached', extra: documentOf(writing) }],
    ['and all of these', { shipped: 'through a group', extra: documentOf(everyGroup, joining, writing) }],
    ['and every right over groups and policies', { shipped: 'attached', extra: documentOf(everyGroup, everyPolicy) }],
    ['and every right there is', { shipped: 'through a group', extra: allowing('*') }],
  ])(
    '%s',
    async (_name, rights) => {
      await server.rewound(async () => {
        await furnish(rights);
        await fc.assert(walking(), { numRuns: 60 });
      });
    },
    120_000,
  );

  it('a rename makes no rights over the own name into rights over whoever gets that name', async () => {
    await server.rewound(async () => {
      await furnish({ shipped: 'attached', extra: allowing('ram:*') });
      const known = { userName: 'carol', profile: { password: 'violet-anchor-spoons-91' } };
      const rename = (userName: string) => ({ user: { userName }, changes: { userName: 'zed' } });
      await walk([
        { actor: 0, operation: putLoginProfile, input: known },
        { actor: 0, operation: updateUser, input: rename('carol') },
      ]);
      const attempt = performOperation(deps(), world.helper, updateUser, rename('carol'));
      expect((await refusal(attempt)).code).toBe('NoPermission');
      const { users } = await readStanding(deps().db, world.accountId);
      expect(users.map(({ userName }) => userName)).toEqual(expect.arrayContaining(['carol', 'bob']));
      // Of whoever has no such rights it is no more than a name.
      expect(await performOperation(deps(), world.helper, updateUser, rename('bob'))).toMatchObject({
        userName: 'zed',
      });
    });
  });

  it('is found out where the shipped policy is missing', async () => {
    await server.rewound(async () => {
      await furnish({ extra: allowing('ram:*') });
      const { failed } = await fc.check(walking(), { numRuns: 60, endOnFailure: true });
      expect(failed).toBe(true);
    });
  });
});
