import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** Levels of authentication, weakest first: password, any second factor, phishing-resistant (WebAuthn). A stronger one satisfies a weaker wish. */
export const acrValues = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa', 'urn:postern:acr:phr'] as const;

export type Level = (typeof acrValues)[number];

/** How somebody can prove who they are, as RFC 8176 has it; `hwk` and `swk` are WebAuthn, the latter where the key may be copied. */
const methodNames = ['pwd', 'otp', 'hwk', 'swk', 'user'] as const;

export type Method = (typeof methodNames)[number];

/** How somebody proved it who showed a passkey or security key. */
export const passkeyMethod = (backupEligible = false): Method => (backupEligible ? 'swk' : 'hwk');

const isLevel = (value: string): value is Level => acrValues.some((level) => level === value);

const isMethod = (value: string): value is Method => methodNames.some((method) => method === value);

const rankOf = (level: Level): number => acrValues.indexOf(level);

/** Whether somebody at `reached` is at `wanted` or above. */
export const satisfies = (reached: Level, wanted: Level): boolean => rankOf(reached) >= rankOf(wanted);

export const strongest = (first: Level, ...others: readonly Level[]): Level =>
  others.reduce((best, level) => (satisfies(best, level) ? best : level), first);

/** The level that these methods reach together. */
export function levelOf(methods: readonly Method[]): Level {
  if (methods.includes('hwk') || methods.includes('swk')) return 'urn:postern:acr:phr';
  return methods.includes('otp') ? 'urn:postern:acr:mfa' : 'urn:postern:acr:pwd';
}

/** The level as a claim's value; what is none of ours counts as the weakest. */
export const readLevel = (acr: string | undefined): Level =>
  acr !== undefined && isLevel(acr) ? acr : 'urn:postern:acr:pwd';

/** What a session says it was begun with. */
export const readMethods = (amr: readonly string[] = []): Method[] => amr.filter(isMethod);

/** The claim `amr` for these methods. */
export const amrOf = (methods: readonly Method[]): string[] =>
  levelOf(methods) === 'urn:postern:acr:pwd' ? [...methods] : [...methods, 'mfa'];

/** What is asked of a logon by the app and for it. */
export interface LevelWish {
  /** The least that will do; undefined where the app will have only what nobody can reach here. */
  readonly needed: Level | undefined;
  /** What the app would like, the best first; where it cannot be had there is no harm. */
  readonly preferred: readonly Level[];
}

/** What somebody has to show. */
export interface Factors {
  readonly hasMfa: boolean;
  readonly hasCredential: boolean;
}

/** The most that these factors reach. */
function reachOf({ hasMfa, hasCredential }: Factors): Level {
  if (hasCredential) return 'urn:postern:acr:phr';
  return hasMfa ? 'urn:postern:acr:mfa' : 'urn:postern:acr:pwd';
}

/** The same, with what can be bound on the way, where a user must or may: an authenticator app at the least. */
export const reachWithBinding = (
  user: Factors & { readonly mfaRequired: boolean },
  { allowUserToManageMFADevices }: { readonly allowUserToManageMFADevices: boolean },
): Level =>
  user.mfaRequired || allowUserToManageMFADevices ? strongest('urn:postern:acr:mfa', reachOf(user)) : reachOf(user);

/** What to try for, of what the app would like: the first that these factors reach; undefined where that brings nothing, or enough is reached. */
export function worthTrying({ preferred }: LevelWish, factors: Factors, reached: Level): Level | undefined {
  if (preferred.some((level) => satisfies(reached, level))) return undefined;
  return preferred.find((level) => satisfies(reachOf(factors), level));
}

type Claims = Pick<KoaContextWithOIDC['oidc']['claims'], 'id_token'>;

interface AcrRequest {
  readonly essential?: unknown;
  readonly value?: unknown;
  readonly values?: unknown;
}

/** OpenID Connect Core section 5.5.1.1: `acr` as a claim, with `value` or `values`. Throws `InvalidRequest` for what is no list of texts. */
function askedAcrValues({ id_token: claims }: Claims): { readonly essential: boolean; readonly values: string[] } {
  const acr = claims?.['acr'] as AcrRequest | null | undefined;
  const essential = acr?.essential === true;
  const values: unknown = acr?.values ?? (acr?.value === undefined ? [] : [acr.value]);
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return { essential, values };
  if (!essential) return { essential, values: [] };
  throw new errors.InvalidRequest('claims.id_token.acr asks for no list of strings');
}

/** Those of which one is a must. Throws `InvalidRequest`. */
export function essentialAcrValues(claims: Claims): string[] {
  const { essential, values } = askedAcrValues(claims);
  return essential ? values : [];
}

/**
 * Reads what an authorization request asks for, and puts the application's own demand to it: `acr_values` and a claim that is not essential
 * are wishes, an essential claim is met by any of its values. Throws `InvalidRequest`.
 */
export function readLevelWish({
  acrValues: wished,
  claims,
  requiredAcr,
}: {
  readonly acrValues: string;
  readonly claims: Claims;
  readonly requiredAcr: Level | null;
}): LevelWish {
  const { essential, values } = askedAcrValues(claims);
  const preferred = [...wished.split(' '), ...(essential ? [] : values)].filter(isLevel);
  const least = requiredAcr ?? 'urn:postern:acr:pwd';
  if (!essential || values.length === 0) return { needed: least, preferred };
  const [weakest] = acrValues.filter((level) => values.includes(level));
  return { needed: weakest === undefined ? undefined : strongest(least, weakest), preferred };
}
