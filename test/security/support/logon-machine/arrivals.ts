import type { Level } from '../../../../src/web/oidc/levels.ts';
import { reaches, standingBy } from './expected-levels.ts';
import {
  adoptSession,
  beginAgain,
  hasMfa,
  keepSession,
  type KnownLogon,
  type KnownRequest,
  type Ledger,
  provedUser,
  sessionOf,
} from './ledger.ts';
import { isFactorOwed } from './proofs.ts';
import type { Landing } from './trace.ts';

/** How a browser came where it is. */
export interface Arrival {
  readonly browser: number;
  readonly landing: Landing;
  /** The authorization request that it belongs to. */
  readonly request: string | undefined;
  /** The logon that was answered or looked at; undefined where the engine itself was. */
  readonly from?: KnownLogon | undefined;
  readonly isRace?: boolean;
}

/** Judges where a browser has got to by what was proved, and enters what follows from it. Answers what should not be. */
export function arrive(ledger: Ledger, arrival: Arrival): string[] {
  const { landing, from } = arrival;
  const faults = from !== undefined && hasLeft(from, landing) ? leave(ledger, from, arrival.isRace === true) : [];
  if (landing.code !== undefined) return [...faults, ...judgeCode(ledger, arrival, landing.code)];
  // What refuses the slower of two answers is the page as it was when both were sent.
  const isOvertaken = arrival.isRace === true && landing.status >= 400;
  if (landing.at !== 'logon' || landing.step === undefined || isOvertaken) return faults;
  return [...faults, ...judgePage(ledger, arrival, landing.step)];
}

/** To the app with a code, or to the app's next question. */
const hasLeft = (from: KnownLogon, { logon, code, step }: Landing): boolean =>
  code !== undefined || (step !== undefined && logon !== from.uid);

/** A logon has ended well: it must have been complete, and the browser has a session from it. */
function leave(ledger: Ledger, logon: KnownLogon, isRace: boolean): string[] {
  if (logon.isFinished) return isRace ? [] : ['a logon that was finished led on once more'];
  const request = ledger.requests.get(logon.request ?? '');
  // What was asked for here may have been shown in another tab meanwhile.
  if (!logon.isConsent) adoptSession(ledger, logon);
  const missing = missingIn(ledger, logon, request?.needed ?? 'urn:postern:acr:pwd');
  logon.isFinished = true;
  if (missing.length > 0 || logon.isConsent) return missing;
  const { userId = '', epoch, methods } = logon;
  if (!logon.isStepUp || logon.hasShownFactor) keepSession(ledger, logon, { userId, epoch, methods });
  if (request !== undefined && !logon.isStepUp) request.provedBy = userId;
  return [];
}

function missingIn(ledger: Ledger, logon: KnownLogon, needed: Level): string[] {
  if (logon.isConsent) return consentFaults(ledger, logon);
  const user = provedUser(ledger, logon);
  if (user === undefined) return ['a logon was complete without a first factor that still holds'];
  const isShort = !reaches(logon.methods, user.mfaRequired ? 'urn:postern:acr:mfa' : needed);
  return [
    ...(isShort || !reaches(logon.methods, needed) ? ['a logon was complete below the level that was demanded'] : []),
    ...(!logon.isStepUp && isFactorOwed(user, logon) ? ['a logon was complete without the second factor'] : []),
    ...(user.resetRequired && !logon.isStepUp ? ['a logon was complete with a password that was to be reset'] : []),
    ...(logon.codesPending ? ['a logon was complete before the recovery codes were seen'] : []),
  ];
}

const consentFaults = (ledger: Ledger, { browser, alias, userId }: KnownLogon): string[] =>
  sessionOf(ledger, browser, alias)?.userId === userId ? [] : ['somebody else than the user who consented was led on'];

function judgeCode(ledger: Ledger, { browser, landing, isRace }: Arrival, code: string): string[] {
  const request = ledger.requests.get(landing.request ?? '');
  if (request === undefined || request.browser !== browser) return ['a code came for a request of another browser'];
  const session = sessionOf(ledger, browser, request.alias);
  if (session === undefined) return ['a code came without a session'];
  const isSecond = request.codes > 0 && isRace !== true;
  request.codes += 1;
  const isKnown = ledger.codes.has(code);
  ledger.codes.set(code, { ...session, request: request.id, isRedeemed: false });
  return [
    ...(isKnown ? ['a code came twice'] : []),
    ...(isSecond ? ['a request was answered with two codes'] : []),
    ...(reaches(session.methods, request.needed) ? [] : ['a code came below the level that the app must have']),
    ...(request.isFresh && request.provedBy !== session.userId
      ? ['a code came without the logon that was asked for']
      : []),
  ];
}

function judgePage(ledger: Ledger, { browser, landing, request, isRace }: Arrival, step: string): string[] {
  const uid = landing.logon ?? '';
  const logon = ledger.logons.get(uid) ?? register(ledger, { uid, browser, landing, request, step });
  if (logon.browser !== browser) return ['a logon was shown to another browser'];
  if (logon.alias !== landing.alias) return ['a logon was shown by another account'];
  if (logon.isFinished) return isRace === true ? [] : ['a logon that was finished showed a step'];
  const isDue = landing.isAsked !== true && landing.status === 200;
  if (step === 'password' && isDue) beginAgain(logon);
  if (factorPages.includes(step)) adoptSession(ledger, logon);
  if (landing.offered !== undefined) logon.offered = landing.offered;
  // While another answer is at work, a page may be behind it.
  if (isRace === true) Object.assign(logon, { due: undefined, dueSeenAt: -1 });
  else if (isDue) Object.assign(logon, { due: step, dueSeenAt: ledger.version });
  return pageFaults(ledger, logon, step).map((fault) => `the step "${step}" was shown ${fault}`);
}

const factorPages = ['totp', 'recovery', 'passkey-factor'];

interface NewLogon {
  readonly uid: string;
  readonly browser: number;
  readonly landing: Landing;
  readonly request: string | undefined;
  readonly step: string;
}

function register(ledger: Ledger, { uid, browser, landing, request, step }: NewLogon): KnownLogon {
  const { alias = '' } = landing;
  const session = sessionOf(ledger, browser, alias);
  const isConsent = step === 'consent';
  const isFresh = ledger.requests.get(request ?? '')?.isFresh === true;
  const logon: KnownLogon = {
    ...{ uid, alias, browser, request, isConsent, sessionBefore: isFresh ? undefined : session },
    userId: isConsent ? session?.userId : undefined,
    epoch: isConsent ? (session?.epoch ?? -1) : -1,
    methods: [],
    ...{ isStepUp: false, hasShownFactor: false, codesPending: false, fromStart: false, isFinished: false },
    ...{ offered: undefined, due: undefined, dueSeenAt: -1 },
  };
  ledger.logons.set(uid, logon);
  return logon;
}

function pageFaults(ledger: Ledger, logon: KnownLogon, step: string): string[] {
  if (step === 'password') return [];
  if (step === 'consent') return consentPageFaults(ledger, logon);
  const user = provedUser(ledger, logon);
  if (user === undefined) return ['before a first factor that still holds'];
  if (factorPages.includes(step)) return hasMfa(user) ? [] : ['to a user who has no second factor'];
  if (step === 'recovery-codes') return logon.codesPending ? [] : ['without a factor that was bound'];
  const owed = isFactorOwed(user, logon) ? ['before the second factor'] : [];
  if (step === 'reset')
    return [...owed, ...(user.resetRequired && !logon.isStepUp ? [] : ['where no password is to be reset'])];
  return [
    ...(user.resetRequired ? ['before the password was reset'] : []),
    ...(hasMfa(user) ? ['to a user who has a second factor'] : []),
  ];
}

function consentPageFaults(ledger: Ledger, { browser, alias, request }: KnownLogon): string[] {
  const session = sessionOf(ledger, browser, alias);
  const { needed = 'urn:postern:acr:pwd' } = ledger.requests.get(request ?? '') ?? ({} as Partial<KnownRequest>);
  if (session === undefined) return ['without a session'];
  return reaches(session.methods, needed) ? [] : [`at the level ${standingBy(session.methods).level}`];
}
