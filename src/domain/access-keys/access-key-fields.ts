import { z } from 'zod';

export const accessKeyIdField = z
  .string()
  .regex(/^PSTK[A-Za-z0-9]{20}$/, { error: 'An access key id is PSTK and 20 letters and digits.' });

export const accessKeyStatusChange = z.strictObject({ status: z.enum(['active', 'inactive']) });
