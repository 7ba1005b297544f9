import { z } from 'zod';
import { lineOfText } from '../users/user-fields.ts';

/** RAM: 1 to 64 letters, digits and `. _ -`. Never only dots, which an address would swallow. */
export const groupNameField = z
  .string()
  .min(1, { error: 'A group name has 1 to 64 characters.' })
  .max(64, { error: 'A group name has 1 to 64 characters.' })
  .regex(/^[A-Za-z0-9._-]*$/, { error: 'A group name has letters, digits and . _ - only.' })
  .refine((name) => !/^\.+$/.test(name), {
    params: { fault: 'InvalidChars' },
    error: 'A group name cannot consist of dots only.',
  });

/** RAM: up to 24. */
export const groupDisplayNameField = lineOfText(24);

/** RAM: up to 128. */
export const groupCommentsField = lineOfText(128);

export const groupInput = z.strictObject({ groupName: groupNameField });
