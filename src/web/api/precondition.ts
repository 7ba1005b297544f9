import { lockAccount } from '../../domain/accounts/accounts-store.ts';
import { lockTenant } from '../../domain/accounts/platform/tenants-store.ts';
import { AppError } from '../../domain/app-error.ts';
import { lockApplication } from '../../domain/applications/applications-store.ts';
import type { OperationContext } from '../../domain/operation.ts';
import { lockUser } from '../../domain/users/users-store.ts';
import { etagOf, matchesStrongly, matchesWeakly } from './etag.ts';
import type { ApiRequest } from './api-request.ts';
import type { Route } from './route-types.ts';

/**
 * Throws `PreconditionFailed` unless the thing is as the request believes. Inside the change's transaction and with the thing locked, so that
 * nobody changes it between the comparison and the change. Where GET answers no one thing there is no tag that could match.
 */
export async function requirePrecondition(
  context: OperationContext,
  guardedBy: Route | undefined,
  request: ApiRequest,
): Promise<void> {
  const { ifMatch, ifNoneMatch } = request.precondition;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  if (guardedBy === undefined) throw failed('What is at this address has no ETag; ask without a condition.');
  await lockTarget(context, guardedBy, request.params);
  const etag = await currentEtag(context, guardedBy, request);
  if (ifMatch !== undefined && (etag === undefined || !matchesStrongly(ifMatch, etag)))
    throw failed('This is not what it was any more; read it again.');
  if (ifNoneMatch !== undefined && etag !== undefined && matchesWeakly(ifNoneMatch, etag))
    throw failed('This exists already.');
}

const failed = (message: string): AppError => new AppError('PreconditionFailed', message);

/**
 * The account before what stands in it, as in every operation that locks both. Whatever changes the thing locks it, or the account, before it
 * looks at it.
 */
async function lockTarget(
  { db, caller }: OperationContext,
  { path }: Route,
  params: ApiRequest['params'],
): Promise<void> {
  const { userName, userId = path.startsWith('/me') ? caller.userId : undefined, clientId, accountId } = params;
  await lockAccount(db, caller.accountId);
  if (userName !== undefined) await lockUser(db, caller.accountId, { userName });
  else if (userId !== undefined) await lockUser(db, caller.accountId, { userId });
  else if (clientId !== undefined) await lockApplication(db, caller.accountId, clientId);
  else if (accountId !== undefined) await lockTenant(db, accountId);
}

async function currentEtag(context: OperationContext, get: Route, request: ApiRequest): Promise<string | undefined> {
  try {
    return etagOf(
      JSON.stringify(await get.represent(context, { ...request, query: new URLSearchParams(), body: undefined })),
    );
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('EntityNotExist.')) return undefined;
    throw error;
  }
}
