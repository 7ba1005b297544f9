import { z } from 'zod';
import { lineOfText } from '../users/user-fields.ts';
import { aliasFault } from './alias-rules.ts';

const code = 'InvalidParameter.AccountAlias.Format';

/** A name that an account could have; says nothing of whether it is taken. */
export const aliasField = z
  .string()
  .superRefine((alias, context) => {
    const message = aliasFault(alias);
    if (message !== undefined) context.addIssue({ code: 'custom', message, params: { code }, input: alias });
  })
  .meta({ description: '3 to 51 lower-case letters, digits and single hyphens.', examples: ['acme'] });

export const accountIdField = z.string().regex(/^[1-9][0-9]{15}$/, { error: 'An account id has 16 digits.' });

/** Whom to ask; shown to users as plain text. */
export const helpTextField = lineOfText(500);

/** How long audit events are kept unless the account says otherwise, in days. */
export const defaultAuditRetentionDays = 400;

export const auditRetentionDaysField = z.int().min(30).max(3650);
