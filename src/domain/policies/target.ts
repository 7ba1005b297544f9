import { and, eq } from 'drizzle-orm';
import { users } from '../../storage/db/schema/users.ts';
import { type CompiledStatement, compilePolicy } from './compile-policy.ts';
import { givesAdministration } from './gives-administration.ts';
import { loadGroupStatements, loadPolicyStatements, loadRights, type RightsContext } from './statements-store.ts';
import { findSystemPolicy } from './system-policies.ts';

/** Whose access is decided. */
interface Subject {
  readonly accountId: string;
  readonly userId: string;
}

const shape = /^acs:ram:\*?:([^:]*):(user|group|policy)\/(.+)$/i;

/**
 * Whether what a resource name speaks of is an administrator, or makes one (`postern:TargetIsAdministrator`): a user by their rights, a group by
 * what membership brings, a policy by what it allows. Looks at the effect, so a small right over the one who holds the great ones is no
 * way round. Undefined for what does not exist (a new name is nobody's yet), for what is neither, and for the subject themselves: whoever
 * may help others must not be kept from changing their own password for that.
 */
export async function targetIsAdministrator(
  context: RightsContext,
  subject: Subject,
  resource: string,
): Promise<boolean | undefined> {
  const { accountId } = subject;
  const [, owner = '', kind = '', name = ''] = shape.exec(resource) ?? [];
  switch (kind.toLowerCase()) {
    case 'user':
      return await isAdministrator(context, subject, name);
    case 'group':
      return givesAdministrationIfThere(await loadGroupStatements(context, accountId, name));
    case 'policy':
      return owner.toLowerCase() === 'system'
        ? systemPolicyGivesAdministration(name)
        : givesAdministrationIfThere(await loadPolicyStatements(context, accountId, name));
    default:
      return undefined;
  }
}

async function isAdministrator(
  context: RightsContext,
  { accountId, userId }: Subject,
  userName: string,
): Promise<boolean | undefined> {
  const [user] = await context.db
    .select({ userId: users.userId, userName: users.userName })
    .from(users)
    .where(and(eq(users.accountId, accountId), eq(users.userNameKey, userName.toLowerCase())));
  if (user === undefined || user.userId === userId) return undefined;
  const { statements } = await loadRights(context, { accountId, userId: user.userId });
  return givesAdministration(statements, `acs:ram:*:${accountId}:user/${user.userName}`);
}

const givesAdministrationIfThere = (statements: readonly CompiledStatement[] | undefined): boolean | undefined =>
  statements === undefined ? undefined : givesAdministration(statements);

/** One that counts in the platform account alone gives the most there is. */
function systemPolicyGivesAdministration(policyName: string): boolean | undefined {
  const policy = findSystemPolicy(policyName);
  if (policy === undefined) return undefined;
  return givesAdministration(compilePolicy(policy.document, { policyType: 'system', policyName: policy.policyName }));
}
