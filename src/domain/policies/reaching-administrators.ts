import { AppError } from '../app-error.ts';
import { type AuthoriseContext, conditionsOf } from '../authorise.ts';
import type { CompiledStatement } from './compile-policy.ts';
import { decide, needsTarget } from './decide.ts';
import { givesAdministration } from './gives-administration.ts';
import type { Access } from './policy-document.ts';
import { loadRights } from './statements-store.ts';

/**
 * Throws `NoPermission` if the caller is kept from administrators (`postern:TargetIsAdministrator`) and these statements, which the
 * change brings about, make one. What authorises the operation looks at the policy as it stands, which says nothing of its next version.
 */
export async function requireRightToGive(
  context: AuthoriseContext,
  access: Access,
  statements: readonly CompiledStatement[],
): Promise<void> {
  if (givesAdministration(statements)) await requireRightOverAdministrators(context, access);
}

/**
 * The same for statements that the change takes away from whoever has them: a Deny that goes can set free what an administrator has by
 * another policy. (What is taken from another user needs the right over that user, who is looked at as a whole. Groups and policies are
 * not, and callers themselves are no target at all.)
 */
export async function requireRightToLift(
  context: AuthoriseContext,
  access: Access,
  statements: readonly CompiledStatement[] = [],
): Promise<void> {
  const lifts = statements.some(({ effect }) => effect === 'Deny');
  if (lifts || givesAdministration(statements)) await requireRightOverAdministrators(context, access);
}

async function requireRightOverAdministrators(context: AuthoriseContext, access: Access): Promise<void> {
  const { statements } = await loadRights(context, context.caller);
  // Anybody else was authorised by the operation already.
  if (!needsTarget(statements)) return;
  const conditions = { ...conditionsOf(context.caller), targetIsAdministrator: true };
  if (decide(statements, { ...access, conditions }).outcome === 'allow') return;
  throw new AppError('NoPermission', 'You are not allowed to do this; ask an administrator of your account.');
}
