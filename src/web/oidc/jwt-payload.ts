/** The claims of a JWT that matter for whose session it speaks of. */
interface JwtPayload {
  readonly aud?: unknown;
  readonly sub?: unknown;
  readonly sid?: unknown;
}

/** Reads a JWT's payload without verifying it; undefined for what is none. */
export function readJwtPayload(jwt: string): JwtPayload | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof payload === 'object' && payload !== null ? payload : undefined;
  } catch {
    return undefined;
  }
}
