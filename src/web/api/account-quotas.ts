import { z } from 'zod';
import { defaultQuotas, type QuotaName } from '../../domain/accounts/quotas.ts';

/** How much an account may hold, on the wire; a field for each quota. */
export const quotaFields = Object.fromEntries(
  Object.entries(defaultQuotas).map(([name, value]) => [name, z.int().meta({ examples: [value] })]),
) as Record<QuotaName, z.ZodInt>;
