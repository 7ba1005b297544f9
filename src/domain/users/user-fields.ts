import { z } from 'zod';

const codePoints = (text: string): number => [...text].length;

/** Control characters, line separators, bidirectional overrides and lone surrogates: nothing a person would type into a field. */
const isPlainText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  text.isWellFormed() && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);

/** Text of one line, up to `max` characters (code points). */
export const lineOfText = (max: number) =>
  z
    .string()
    .refine((text) => codePoints(text) >= 1 && codePoints(text) <= max, {
      params: { fault: 'Length' },
      error: `1 to ${max} characters are needed.`,
    })
    .refine(isPlainText, { params: { fault: 'InvalidChars' }, error: 'Control characters are not allowed.' });

/** RAM: 1 to 64 letters, digits and `. _ -`. Never only dots, which an address would swallow. */
export const userNameField = z
  .string()
  .min(1, { error: 'A user name has 1 to 64 characters.' })
  .max(64, { error: 'A user name has 1 to 64 characters.' })
  .regex(/^[A-Za-z0-9._-]*$/, { error: 'A user name has letters, digits and . _ - only.' })
  .refine((name) => !/^\.+$/.test(name), {
    params: { fault: 'InvalidChars' },
    error: 'A user name cannot consist of dots only.',
  });

export const userIdField = z.string().regex(/^[1-9][0-9]{17}$/, { error: 'A user id has 18 digits.' });

/** RAM: 1 to 128. */
export const displayNameField = lineOfText(128);

export const emailField = z
  .email({ error: 'This is not an e-mail address.' })
  .max(254, { error: 'An e-mail address has at most 254 characters.' });

/** RAM: `<country>-<number>`, 86-18600000000; digits as E.164 counts them. */
export const mobilePhoneField = z.string().refine((phone) => /^[1-9][0-9]{0,2}-[0-9]{4,14}$/.test(phone), {
  params: { fault: 'Format' },
  error: 'Write <country>-<number>, for example 86-18600000000.',
});

/** RAM: up to 128. */
export const commentsField = lineOfText(128);

/** Which user: by name (compared without case) or by id, exactly one. */
export const userSelector = z.union([
  z.strictObject({ userName: userNameField }),
  z.strictObject({ userId: userIdField }),
]);

export type UserSelector = z.infer<typeof userSelector>;
