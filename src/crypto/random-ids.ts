import { randomInt } from 'node:crypto';

const digits = '0123456789';
const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const lowerAlphanumerics = 'abcdefghijklmnopqrstuvwxyz0123456789';

const pick = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

const decimal = (length: number): string => pick('123456789', 1) + pick(digits, length - 1);

/** 16 decimal digits, no leading zero; the account's id everywhere (beyond safe JS integers, so always a string). */
export const newAccountId = (): string => decimal(16);

/** 18 decimal digits, no leading zero. */
export const newUserId = (): string => decimal(18);

/** `PSTK` and 20 alphanumerics: RAM's shape, another prefix than RAM's so that secret scanners raise no false alarm. */
export const newAccessKeyId = (): string => `PSTK${pick(alphanumerics, 20)}`;

/** 30 alphanumerics (178 bits), RAM's shape. */
export const newAccessKeySecret = (): string => pick(alphanumerics, 30);

/** An id for people to copy: a prefix that names the kind and 20 characters (103 bits), e.g. `app_…`. */
export const newPrefixedId = (prefix: string): string => `${prefix}_${pick(lowerAlphanumerics, 20)}`;

/** `g-` and 16 letters and digits (82 bits), RAM's shape. */
export const newGroupId = (): string => `g-${pick(lowerAlphanumerics, 16)}`;
