import { type OperationContext, requireAccess } from '../operation.ts';
import { platformAdministratorAccess } from './system-policies.ts';
import { hasUserPolicy } from './user-policies-store.ts';

type Context = Pick<OperationContext, 'db' | 'caller'>;

/** Throws `NoPermission` unless the caller may make platform administrators, which no right within the account gives. */
export async function requireRightOverPlatformAdministrators({ db, caller }: Context): Promise<void> {
  const resource = `acs:postern:*:${caller.accountId}:policy/${platformAdministratorAccess}`;
  await requireAccess({ db, caller }, [{ action: 'postern:ManagePlatformAdministrators', resource }]);
}

/**
 * Whoever sets the credentials of a platform administrator can become one. So for these users the right over users of the
 * account is not enough. Everybody may go on setting their own.
 */
export async function requireRightToSetCredentials({ db, caller }: Context, userId: string): Promise<void> {
  if (userId === caller.userId) return;
  if (await hasUserPolicy(db, { userId, policyType: 'system', policyName: platformAdministratorAccess })) {
    await requireRightOverPlatformAdministrators({ db, caller });
  }
}
