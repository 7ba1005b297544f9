import { hash } from 'node:crypto';

/** A strong ETag (RFC 9110 section 8.8.3): two answers have the same only if they are the same, byte for byte. */
export const etagOf = (body: string): string => `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;

const tagsIn = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"/g) ?? [];

/** RFC 9110 section 13.1.1: compared strongly, so a weak tag never matches; `*` is whatever exists. */
export const matchesStrongly = (header: string, etag: string): boolean =>
  header.trim() === '*' || tagsIn(header).includes(etag);

/** RFC 9110 section 13.1.2: compared weakly. */
export const matchesWeakly = (header: string, etag: string): boolean =>
  header.trim() === '*' || tagsIn(header).some((tag) => tag.replace(/^W\//, '') === etag);
