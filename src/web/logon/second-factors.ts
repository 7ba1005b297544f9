import { type Level, levelOf, reachWithBinding, satisfies, strongest, worthTrying } from '../oidc/levels.ts';
import type { Situation, StepName } from './next-step.ts';

/** Steps that show a second factor, the one to begin with first. */
const factorLevels = {
  'passkey-factor': 'urn:postern:acr:phr',
  totp: 'urn:postern:acr:mfa',
  recovery: 'urn:postern:acr:mfa',
} as const satisfies Partial<Record<StepName, Level>>;

export type FactorStep = keyof typeof factorLevels;

const factorSteps = Object.keys(factorLevels) as FactorStep[];

type User = NonNullable<Situation['user']>;

const has: Readonly<Record<FactorStep, (user: User) => boolean>> = {
  'passkey-factor': ({ hasCredential }) => hasCredential,
  totp: ({ hasTotp }) => hasTotp,
  // They come with the first factor, whichever it is.
  recovery: ({ hasMfa }) => hasMfa,
};

const reachedIn = ({ state }: Situation): Level => levelOf(state.methods ?? []);

/**
 * The least that will do: what the app needs, and any second factor of whoever has one, unless this device stands in for it. A live session has been
 * through that, so a step-up is about the app alone.
 */
function leastIn({ wish, state }: Situation, { hasMfa, mfaSaved }: User): Level {
  const isOwed = hasMfa && !mfaSaved && state.isStepUp !== true;
  return strongest(wish.needed ?? 'urn:postern:acr:phr', isOwed ? 'urn:postern:acr:mfa' : 'urn:postern:acr:pwd');
}

/** What the app would like on top, and gets if it can be had: it is tried for once in a logon. */
const likedIn = ({ wish, state }: Situation, user: User, reached: Level): Level =>
  (state.secondFactor === undefined && state.declined !== true ? worthTrying(wish, user, reached) : undefined) ??
  'urn:postern:acr:pwd';

/**
 * The second factors that may be shown now, the one to begin with first: those that the user has, that bring them further, and that are enough. None
 * where no second factor is due, or the user has none that is enough.
 */
export function dueFactors(situation: Situation): readonly FactorStep[] {
  const { purpose, user } = situation;
  if (purpose !== 'login' || user === undefined) return [];
  const [reached, least] = [reachedIn(situation), leastIn(situation, user)];
  if (satisfies(reached, strongest(least, likedIn(situation, user, reached)))) return [];
  return factorSteps.filter(
    (step) => has[step](user) && satisfies(factorLevels[step], least) && !satisfies(reached, factorLevels[step]),
  );
}

/** Whether a second factor is asked for only because the app would like one, so that the user may go on without. */
export function mayDecline(situation: Situation): boolean {
  const { user } = situation;
  return user !== undefined && satisfies(reachedIn(situation), leastIn(situation, user));
}

/** Whether a factor has to be bound: the account demands one, or the app needs more than a user without any can show. */
export function bindingIsDue({ purpose, user, wish, preferences }: Situation): boolean {
  if (purpose !== 'login' || user === undefined || user.hasMfa) return false;
  const isNeeded = wish.needed !== 'urn:postern:acr:pwd' && preferences.allowUserToManageMFADevices;
  return user.mfaRequired || isNeeded;
}

/** Whether the app needs a level that this user cannot reach, whatever they do: then the logon ends, and the app is told. */
export function isOutOfReach(situation: Situation): boolean {
  const { purpose, user, wish, preferences } = situation;
  if (purpose !== 'login' || user === undefined) return false;
  const reach = strongest(reachedIn(situation), reachWithBinding(user, preferences));
  return wish.needed === undefined || !satisfies(reach, wish.needed);
}
