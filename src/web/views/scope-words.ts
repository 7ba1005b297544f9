import type { Wording } from './translate.ts';

/** The scopes that have words of their own, in the order they are shown. `offline_access` is told otherwise. */
const worded = ['openid', 'profile', 'email', 'phone', 'groups', 'ram'] as const;

/** What the scopes that were asked for let an app see. */
export const describeScopes = (
  scopes: readonly string[],
): { readonly title: Wording; readonly description: Wording }[] =>
  worded.flatMap((scope) =>
    scopes.includes(scope) ? [{ title: `scope.${scope}` as const, description: `scope.${scope}-means` as const }] : [],
  );
