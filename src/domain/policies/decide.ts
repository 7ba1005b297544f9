import type { Access, PolicyStatement } from './policy-document.ts';
import { matchesWildcard } from './wildcard.ts';

/** `explicitDeny`: a statement forbids it. `implicitDeny`: none allows it. */
export type Decision = 'allow' | 'explicitDeny' | 'implicitDeny';

const platformService = 'postern:';

/** RAM is global, so its resource names are written with a region (`acs:ram:*:…`) and without (`acs:ram::…`). */
const canonical = (resource: string): string => resource.toLowerCase().replace(/^(acs:[^:]*):(?=:)/, '$1:*');

/**
 * Compared without case: user names are, and a policy on `user/Alice` must not be escaped by asking for `user/ALICE`.
 * A platform action is matched only by a pattern that names the service: `*` of an account's administrator does not reach it,
 * while a Deny on `*` does.
 */
function actionMatches(statement: PolicyStatement, action: string): boolean {
  const wanted = action.toLowerCase();
  return statement.actions.some((pattern) => {
    const reaches =
      statement.effect === 'Deny' ||
      !wanted.startsWith(platformService) ||
      pattern.toLowerCase().startsWith(platformService);
    return reaches && matchesWildcard(pattern.toLowerCase(), wanted);
  });
}

const resourceMatches = (statement: PolicyStatement, resource: string): boolean =>
  statement.resources.some((pattern) => matchesWildcard(canonical(pattern), canonical(resource)));

/** RAM's order: a Deny that matches wins, else an Allow, else it is refused. */
export function decide(statements: readonly PolicyStatement[], { action, resource }: Access): Decision {
  const matching = statements.filter(
    (statement) => actionMatches(statement, action) && resourceMatches(statement, resource),
  );
  if (matching.some(({ effect }) => effect === 'Deny')) return 'explicitDeny';
  return matching.length > 0 ? 'allow' : 'implicitDeny';
}
