import { hash } from 'node:crypto';

/**
 * A password as it is measured, compared and hashed, so that the same keys on another machine give the same password: spaces of any kind become
 * the plain one, and composed letters have one form (RFC 8265, section 4.2.2). Nothing is trimmed and no case is folded.
 */
export const preparedPassword = (typed: string): string => typed.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');

/** The key by which lists of breached passwords are kept: SHA-1, upper-case hexadecimal. It protects nothing; passwords are stored otherwise. */
export const breachHash = (typed: string): string => hash('sha1', preparedPassword(typed), 'hex').toUpperCase();
