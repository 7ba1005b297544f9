import { type CompiledStatement, canonicalResource } from './compile-policy.ts';
import { platformService } from './policy-document.ts';
import { compileWildcard } from './wildcard.ts';

/** Actions that only read are named so, of all operations (a test sees to it). */
const reads = /^(get|list)/;

/**
 * Whether these statements make an administrator, for `postern:TargetIsAdministrator`: an Allow reaches an action that changes something,
 * on anything other than exactly the user's own resource (`acs:ram:*:<account>:user/<own name>`), or an action of the platform.
 *
 * It errs on the side of yes: conditions and Denies are not looked at, since they can end to hold, and the resource need not exist.
 * Actions of services that are not ours (`oss:PutObject`) give nothing here.
 */
export function givesAdministration(statements: readonly CompiledStatement[], ownResource?: string): boolean {
  const own = ownResource === undefined ? undefined : canonicalResource(ownResource);
  return statements.some(
    ({ effect, actions, resources }) =>
      effect === 'Allow' &&
      (actions.some((pattern) => pattern.startsWith(platformService)) ||
        (actions.some(reachesChange) && resources.some((pattern) => pattern !== own))),
  );
}

/** Goes by names and not by the list of operations, so it holds for those of other releases too. */
function reachesChange(pattern: string): boolean {
  const [service = '', ...rest] = pattern.split(':');
  if (rest.length === 0) return true;
  return compileWildcard(service)('ram') && !reads.test(rest.join(':'));
}
