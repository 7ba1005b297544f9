interface CodedError extends Error {
  readonly code?: unknown;
  readonly constraint_name?: unknown;
  readonly constraint?: unknown;
}

/** The first error of a chain of causes for which `matches` holds. */
export function findCause(error: unknown, matches: (candidate: CodedError) => boolean): CodedError | undefined {
  let candidate = error;
  while (candidate instanceof Error) {
    if (matches(candidate)) return candidate;
    candidate = candidate.cause;
  }
  return undefined;
}

/**
 * Whether a unique constraint or index (of that name, where one is given) refused the row: SQLSTATE 23505, on either driver.
 * The name stands in `constraint_name` of postgres.js and in `constraint` of PGlite.
 */
export function isUniqueViolation(error: unknown, constraintName?: string): boolean {
  const violation = findCause(error, ({ code }) => code === '23505');
  if (violation === undefined || constraintName === undefined) return violation !== undefined;
  return (violation.constraint_name ?? violation.constraint) === constraintName;
}
