import { arrive } from './arrivals.ts';
import { standingBy } from './expected-levels.ts';
import { hasMfa, holds, type KnownSession, type KnownUser, type Ledger, raiseEpoch } from './ledger.ts';
import { enterAnswer } from './proofs.ts';
import type { Holdings, Observation, TokenClaims } from './trace.ts';

type Seen<Kind extends Observation['kind']> = Extract<Observation, { readonly kind: Kind }>;

/** Judges one observation by all that was truly proved before it, and enters it. Answers what should not have been; nothing where all is well. */
export function observe(ledger: Ledger, seen: Observation): string[] {
  const status = 'landing' in seen ? seen.landing.status : 'status' in seen ? seen.status : 200;
  return [...(status >= 500 ? [`an answer was ${status}`] : []), ...judge(ledger, seen)];
}

function judge(ledger: Ledger, seen: Observation): string[] {
  switch (seen.kind) {
    case 'started':
      return started(ledger, seen);
    case 'answered':
      return answered(ledger, seen);
    case 'looked':
      return looked(ledger, seen);
    case 'crossed':
      return crossed(seen);
    case 'redeemed':
      return redeemed(ledger, seen);
    case 'used':
      return used(ledger, seen);
    case 'administered':
      return administered(ledger, seen);
    case 'counted':
      return seen.holdings.flatMap((one) => counted(ledger, one));
  }
}

function started(ledger: Ledger, { request, landing }: Seen<'started'>): string[] {
  ledger.requests.set(request.id, { ...request, provedBy: undefined, codes: 0 });
  return arrive(ledger, { browser: request.browser, landing, request: request.id });
}

function answered(ledger: Ledger, seen: Seen<'answered'>): string[] {
  const { browser, landing, isRace = false } = seen;
  const from = ledger.logons.get(seen.logon);
  const due = from !== undefined && from.dueSeenAt === ledger.version ? from.due : undefined;
  const isTaken = enterAnswer(ledger, seen);
  const mayBeElsewhere = isTaken || isRace || due === undefined || seen.declines === true;
  const hasMoved = landing.status === 200 && landing.logon === seen.logon && landing.step !== due;
  // Where nothing was proved, a page stays or falls back to the beginning.
  const faults =
    !mayBeElsewhere && hasMoved && landing.step !== 'password' ? ['a step was passed without its proof'] : [];
  return [...faults, ...arrive(ledger, { browser, landing, request: from?.request, from, isRace })];
}

function looked(ledger: Ledger, { browser, logon, isResumed, landing }: Seen<'looked'>): string[] {
  const from = ledger.logons.get(logon);
  return arrive(ledger, { browser, landing, request: from?.request, ...(isResumed ? {} : { from }) });
}

/** What belongs to one account is nothing at another. */
const crossed = ({ landing: { code, step } }: Seen<'crossed'>): string[] => [
  ...(code === undefined ? [] : ['a code came of what belongs to another account']),
  ...(step === undefined ? [] : ['a step was shown for what belongs to another account']),
];

function redeemed(ledger: Ledger, { alias, code, claims, token = '' }: Seen<'redeemed'>): string[] {
  const known = ledger.codes.get(code);
  if (claims === undefined) return [];
  if (known === undefined) return ['a code that nobody was given was redeemed'];
  const isElsewhere = ledger.requests.get(known.request)?.alias !== alias;
  const wasRedeemed = known.isRedeemed;
  known.isRedeemed = true;
  ledger.tokens.set(token, known);
  return [
    ...(wasRedeemed ? ['a code was redeemed twice'] : []),
    ...(isElsewhere ? ['a code was redeemed at another account'] : []),
    ...(holds(ledger, known) ? [] : ['a code was redeemed after all of its user was ended']),
    ...claimFaults(ledger, known, claims),
  ];
}

const sorted = (values: readonly string[]): string => [...values].sort().join(' ');

function claimFaults(ledger: Ledger, { userId, methods }: KnownSession, claims: TokenClaims): string[] {
  const { level, amr } = standingBy(methods);
  return [
    ...(claims.sub === userId ? [] : ['a token speaks of another user than the one who logged on']),
    ...(claims.aid === ledger.users.get(userId)?.accountId ? [] : ['a token speaks of another account']),
    ...(claims.acr === level ? [] : ['a token tells another level than was proved']),
    ...(sorted(claims.amr) === sorted(amr) ? [] : ['a token tells other methods than were shown']),
  ];
}

function used(ledger: Ledger, { token, status }: Seen<'used'>): string[] {
  const isGood = holds(ledger, ledger.tokens.get(token));
  return status < 300 && !isGood ? ['a token worked after all of its user was ended'] : [];
}

const acts: Readonly<Record<Seen<'administered'>['act'], (user: KnownUser) => void>> = {
  disable: (user) => void (user.enabled = false),
  enable: (user) => void (user.enabled = true),
  'force reset': (user) => void (user.resetRequired = true),
  'require MFA': (user) => void (user.mfaRequired = true),
  'delete MFA devices': (user) =>
    void Object.assign(user, { totp: undefined, hasCredential: false, recoveryCodes: new Set() }),
};

/** Each act ends whatever the user has. */
function administered(ledger: Ledger, { userId, act, status }: Seen<'administered'>): string[] {
  const user = ledger.users.get(userId);
  if (user === undefined || status >= 300) return [];
  acts[act](user);
  raiseEpoch(ledger, user);
  return [];
}

/** The database holds what was done in the open, and nothing else. */
function counted(ledger: Ledger, holdings: Holdings): string[] {
  const user = ledger.users.get(holdings.userId);
  if (user === undefined) return [];
  const { passwordHash = holdings.passwordHash } = user;
  user.passwordHash = holdings.passwordHash;
  const expected: readonly [string, unknown, unknown][] = [
    ['password', passwordHash, holdings.passwordHash],
    ['epoch', user.epoch, holdings.epoch],
    ['duty to reset', user.resetRequired, holdings.resetRequired],
    ['authenticator app', user.totp !== undefined, holdings.hasTotp],
    ['passkey', user.hasCredential, holdings.hasCredential],
    ['recovery codes', hasMfa(user) ? user.recoveryCodes.size : 0, holdings.unusedRecoveryCodes],
  ];
  return expected
    .filter(([, known, found]) => known !== found)
    .map(([what, known, found]) => `the ${what} of a user is ${String(found)}, and should be ${String(known)}`);
}
