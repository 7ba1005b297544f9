import { z } from 'zod';
import { lineOfText, userNameField } from '../users/user-fields.ts';

const actionField = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9:._-]+\*?$/, {
    error: 'Write the action whole, or its beginning with * at the end.',
  });

const instantField = z.iso
  .datetime({ offset: true, error: 'Write a time as RFC 3339, for example 2030-01-31T08:00:00Z.' })
  .max(40)
  .meta({ examples: ['2030-01-31T08:00:00Z'] });

/** Which events. Everything that is given must hold. */
export const auditFilterFields = {
  /** Who did it: a user's name, or the id, which also finds users that are no more. */
  user: userNameField.optional(),
  action: actionField.optional(),
  /** Of its stars only the last character of all is more than itself. */
  resource: lineOfText(512).optional(),
  /** The first moment. */
  from: instantField.optional(),
  /** The first moment that is too late. */
  to: instantField.optional(),
  outcome: z.enum(['success', 'refused', 'failed']).optional(),
};

const auditFilter = z.object(auditFilterFields);

export type AuditFilter = z.infer<typeof auditFilter>;

/** What a field is compared with. */
export interface TextMatch {
  readonly text: string;
  readonly isBeginning: boolean;
}

export function readTextMatch(field: string | undefined): TextMatch | undefined {
  if (field === undefined) return undefined;
  const isBeginning = field.endsWith('*');
  return { isBeginning, text: isBeginning ? field.slice(0, -1) : field };
}
