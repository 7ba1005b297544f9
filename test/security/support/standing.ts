import { sql } from 'drizzle-orm';
import type { Database } from '../../../src/storage/db/database.ts';
import { oracleDecision } from '../../domain/policies/decision-oracle.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** A policy that somebody has: its name, and its document as text. */
export interface HeldPolicy {
  readonly name: string;
  readonly isShipped: boolean;
  readonly document: string;
}

/** How a user stands: what they have, and all that others could take hold of them by. */
export interface UserStanding {
  readonly userId: string;
  readonly userName: string;
  readonly policies: readonly HeldPolicy[];
  /** The hash of the password and the ids of the keys. */
  readonly credentials: readonly string[];
  /** All rows that hang on the user, in one text. */
  readonly everything: string;
}

/** Who is there and what the groups and policies give, read from the tables and from nothing else of the product. */
export interface Standing {
  readonly users: readonly UserStanding[];
  readonly groups: Readonly<Record<string, readonly HeldPolicy[]>>;
  readonly policies: readonly HeldPolicy[];
}

const shipped: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  PlatformAdministratorAccess: [{ Effect: 'Allow', Action: 'postern:*', Resource: 'acs:postern:*' }],
  AliyunRAMFullAccess: [{ Effect: 'Allow', Action: 'ram:*', Resource: '*' }],
  AliyunRAMReadOnlyAccess: [{ Effect: 'Allow', Action: ['ram:Get*', 'ram:List*'], Resource: '*' }],
  // That it helps with others than administrators alone does not make its holder less mighty than those helped.
  PosternHelpDeskAccess: [{ Effect: 'Allow', Action: 'ram:UpdateLoginProfile', Resource: '*' }],
};

const shippedPolicies: readonly HeldPolicy[] = Object.entries(shipped).map(([name, statements]) => ({
  name,
  isShipped: true,
  document: JSON.stringify({ Statement: statements }),
}));

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Which rises too when a group that gives nothing is renamed. */
const withoutRevision = ({ revision: _revision, updated_at: _at, ...user }: Rows[number]) => user;

const tables = [
  ...['users', 'groups', 'group_members', 'user_policies', 'group_policies', 'policies', 'policy_versions'],
  ...['login_profiles', 'access_keys', 'mfa_devices', 'recovery_codes'],
] as const;

async function readTables(db: Database, accountId: string): Promise<Readonly<Record<string, Rows>>> {
  const parts = tables.map(
    (table) =>
      sql`select ${table}::text as name, to_jsonb(t) as row from ${sql.identifier(table)} t where t.account_id = ${accountId}`,
  );
  const rows = await db
    .select({ name: sql<string>`name`, row: sql<Record<string, unknown>>`row` })
    .from(sql`(${sql.join(parts, sql` union all `)}) as rows`)
    .orderBy(sql`row::text`);
  return Object.fromEntries(
    tables.map((table) => [table, rows.flatMap(({ name, row }) => (name === table ? [row] : []))]),
  );
}

export async function readStanding(db: Database, accountId: string): Promise<Standing> {
  const read = await readTables(db, accountId);
  const of = (table: (typeof tables)[number], column: string, value: unknown): Rows =>
    (read[table] ?? []).filter((row) => row[column] === value);
  const custom = (read['policies'] ?? []).map((policy): HeldPolicy => {
    const [version] = of('policy_versions', 'policy_name_key', policy['policy_name_key']).filter(
      (row) => row['version_id'] === policy['default_version_id'],
    );
    return { name: String(policy['policy_name']), isShipped: false, document: String(version?.['document']) };
  });
  const held = (attachments: Rows): HeldPolicy[] =>
    attachments.flatMap((row) =>
      (row['policy_type'] === 'system' ? shippedPolicies : custom).filter(({ name }) => name === row['policy_name']),
    );
  const users = (read['users'] ?? []).map((user): UserStanding => {
    const userId = String(user['user_id']);
    const memberships = of('group_members', 'user_id', userId);
    const [profiles, keys] = [of('login_profiles', 'user_id', userId), of('access_keys', 'user_id', userId)];
    const hanging = [profiles, keys, of('mfa_devices', 'user_id', userId), of('recovery_codes', 'user_id', userId)];
    return {
      ...{ userId, userName: String(user['user_name']) },
      policies: [
        ...held(of('user_policies', 'user_id', userId)),
        ...memberships.flatMap((row) => held(of('group_policies', 'group_id', row['group_id']))),
      ],
      credentials: [...profiles.map((row) => row['password_hash']), ...keys.map((row) => row['access_key_id'])].map(
        String,
      ),
      everything: JSON.stringify([withoutRevision(user), hanging, memberships, of('user_policies', 'user_id', userId)]),
    };
  });
  const groups = (read['groups'] ?? []).map((group): [string, HeldPolicy[]] => [
    String(group['group_name']),
    held(of('group_policies', 'group_id', group['group_id'])),
  ]);
  return { users, groups: Object.fromEntries(groups), policies: [...shippedPolicies, ...custom] };
}

/** Things that an action can be done to. */
export interface Universe {
  readonly changes: readonly string[];
  readonly resources: readonly string[];
}

const anyRequest = { sourceIp: undefined, mfaPresent: true, secureTransport: true, time: '2030-01-01T00:00:00Z' };

/** Readings of documents, which are few and asked for often. */
export type Readings = Map<string, boolean>;

/** Whether what is allowed here, could the conditions be met, changes anything but the holder's own resource. */
export function isMighty(
  { document, name, isShipped }: HeldPolicy,
  { changes, resources }: Universe,
  { own, readings }: { readonly own: string; readonly readings: Readings },
): boolean {
  const key = `${own} ${name} ${document}`;
  const known = readings.get(key);
  if (known !== undefined) return known;
  const { Statement: statements } = JSON.parse(document) as { Statement: readonly Statement[] };
  const allows = statements.filter(({ Effect: effect }) => effect === 'Allow');
  const bare = allows.map(({ Effect, Action, Resource }) => ({ Effect, Action, Resource }));
  const policies = [{ shipped: isShipped, statements: bare }];
  const mighty = changes.some((action) =>
    resources.some(
      (resource) =>
        resource.toLowerCase() !== own.toLowerCase() &&
        oracleDecision(policies, { ...anyRequest, action, resource, targetIsAdministrator: undefined }) === 'allow',
    ),
  );
  readings.set(key, mighty);
  return mighty;
}
