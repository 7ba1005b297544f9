import type { Level, Method } from '../../../../src/web/oidc/levels.ts';

/** Weakest first. */
const order: readonly Level[] = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa', 'urn:postern:acr:phr'];

interface Standing {
  readonly level: Level;
  /** In the order of the alphabet. */
  readonly amr: readonly string[];
}

/**
 * What a logon comes to by all that was shown in it: written down, and not asked of the product, which would then be judged by itself. The methods stand in
 * the order of the alphabet.
 */
const standings: Readonly<Record<string, Standing>> = {
  '': { level: 'urn:postern:acr:pwd', amr: [] },
  pwd: { level: 'urn:postern:acr:pwd', amr: ['pwd'] },
  'otp pwd': { level: 'urn:postern:acr:mfa', amr: ['mfa', 'otp', 'pwd'] },
  'pwd swk': { level: 'urn:postern:acr:phr', amr: ['mfa', 'pwd', 'swk'] },
  'otp pwd swk': { level: 'urn:postern:acr:phr', amr: ['mfa', 'otp', 'pwd', 'swk'] },
  'swk user': { level: 'urn:postern:acr:phr', amr: ['mfa', 'swk', 'user'] },
  'otp swk user': { level: 'urn:postern:acr:phr', amr: ['mfa', 'otp', 'swk', 'user'] },
};

/** Throws for methods that no logon of the machine can come by. */
export function standingBy(methods: readonly Method[]): Standing {
  const shown = [...methods].sort().join(' ');
  const standing = standings[shown];
  if (standing === undefined) throw new Error(`nothing is written down of a logon by: ${shown}`);
  return standing;
}

const isAsStrong = (level: Level, wanted: Level): boolean => order.indexOf(level) >= order.indexOf(wanted);

export const strongerOf = (one: Level, other: Level): Level => (isAsStrong(one, other) ? one : other);

export const reaches = (methods: readonly Method[], wanted: Level): boolean =>
  isAsStrong(standingBy(methods).level, wanted);
