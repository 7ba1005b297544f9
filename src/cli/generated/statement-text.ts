import { z } from 'zod';

const statement = z.looseObject({
  policyName: z.string(),
  versionId: z.string().nullable(),
  throughGroup: z.string().nullable(),
  statement: z.int(),
  failedConditions: z
    .array(
      z.looseObject({
        operator: z.string(),
        key: z.string(),
        values: z.array(z.unknown()),
        absent: z.boolean(),
      }),
    )
    .optional(),
});

/**
 * A statement of a policy, as decisions name it: `wiki v1 statement 0 by group operators`, and what it asks in vain. Undefined for anything
 * else.
 */
export function statementText(value: unknown): string | undefined {
  const read = statement.safeParse(value);
  if (!read.success) return undefined;
  const { policyName, versionId, throughGroup, statement: index, failedConditions = [] } = read.data;
  const failed = failedConditions.map(
    ({ operator, key, values, absent }) => `${operator} ${key} ${values.join(' | ')}${absent ? ' (absent)' : ''}`,
  );
  return [
    [policyName, versionId, `statement ${index}`].filter((part) => part !== null).join(' '),
    ...(throughGroup === null ? [] : [`by group ${throughGroup}`]),
    ...(failed.length === 0 ? [] : [`but for ${failed.join(' and ')}`]),
  ].join(' ');
}

/** A list of statements and nothing else, as one text. */
export function statementsText(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const texts = value.map(statementText);
  return texts.every((text) => text !== undefined) ? texts.join('; ') : undefined;
}
