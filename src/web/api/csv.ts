export const csvType = 'text/csv';

/** Text that somebody chose: a spreadsheet takes what begins so for a formula, so it gets an apostrophe in front (OWASP: CSV injection). */
export const csvText = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** One record (RFC 4180): quoted where it must be, ended by CRLF. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(quoted).join(',')}\r\n`;

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
