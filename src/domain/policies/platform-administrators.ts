import { type AuthoriseContext, requireAccess } from '../authorise.ts';
import { loadRights } from './statements-store.ts';
import { platformAdministratorAccess } from './system-policies.ts';

/** Throws `NoPermission` unless the caller may make platform administrators, which no right within the account gives. */
export async function requireRightOverPlatformAdministrators(context: AuthoriseContext): Promise<void> {
  const resource = `acs:postern:*:${context.caller.accountId}:policy/${platformAdministratorAccess}`;
  await requireAccess(context, [{ action: 'postern:ManagePlatformAdministrators', resource }]);
}

/**
 * Whoever sets the credentials of a platform administrator can become one. So for these users (by a policy of their own or of a group) the
 * right over users of the account is not enough. Everybody may go on setting their own.
 */
export async function requireRightToSetCredentials(context: AuthoriseContext, userId: string): Promise<void> {
  const { accountId, userId: callerId } = context.caller;
  if (userId === callerId) return;
  const { statements } = await loadRights(context, { accountId, userId });
  if (statements.some(({ source }) => source.policyName === platformAdministratorAccess)) {
    await requireRightOverPlatformAdministrators(context);
  }
}
