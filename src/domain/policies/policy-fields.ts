import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { lineOfText } from '../users/user-fields.ts';

export const policyTypeField = z.enum(['system', 'custom']);

/** RAM: 1 to 128 letters, digits and hyphens. */
export const policyNameField = z
  .string()
  .min(1, { error: 'A policy name has 1 to 128 characters.' })
  .max(128, { error: 'A policy name has 1 to 128 characters.' })
  .regex(/^[A-Za-z0-9-]*$/, { error: 'A policy name has letters, digits and hyphens only.' });

/** RAM: up to 1024. */
export const policyDescriptionField = lineOfText(1024);

export const versionIdField = z.string().refine((id) => /^v[1-9][0-9]{0,8}$/.test(id), {
  params: { fault: 'Format' },
  error: 'A version is written v1, v2 and so on.',
});

export const policyInput = z.strictObject({ policyType: policyTypeField, policyName: policyNameField });

export type PolicyReference = z.infer<typeof policyInput>;

/** Those that an account writes itself; the ones that come with the product stay as they are. */
export const customPolicyInput = z.strictObject({
  policyType: z.literal('custom', { error: 'System policies cannot be changed.' }).default('custom'),
  policyName: policyNameField,
});

/** RAM: system policies belong to the account `system`. `*` stands for all policies. */
export const policyResource = (
  { policyType, policyName }: PolicyReference,
  { accountId }: { readonly accountId: string },
): string => `acs:ram:*:${policyType === 'system' ? 'system' : accountId}:policy/${policyName}`;

export const noSuchPolicy = (): AppError => new AppError('EntityNotExist.Policy', 'This policy does not exist.');

export const noSuchVersion = (): AppError =>
  new AppError('EntityNotExist.Policy.Version', 'This version of the policy does not exist.');
