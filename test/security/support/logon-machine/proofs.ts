import type { Method } from '../../../../src/web/oidc/levels.ts';
import { reaches } from './expected-levels.ts';
import { hasMfa, type KnownLogon, type KnownUser, type Ledger, provedUser, raiseEpoch } from './ledger.ts';
import type { Landing, Observation, Proof } from './trace.ts';

type Answered = Extract<Observation, { readonly kind: 'answered' }>;

/** Enters what an answer proved into the ledger, where it was due, right and not refused. True where it was. */
export function enterAnswer(ledger: Ledger, seen: Answered): boolean {
  const { proof, landing } = seen;
  const logon = ledger.logons.get(seen.logon);
  if (logon === undefined || proof === undefined || proof.kind !== seen.step) return false;
  if (logon.browser !== seen.browser || logon.isFinished || wasRefused(logon, seen)) return false;
  if (!enter(ledger, logon, proof, landing)) return false;
  ledger.taken.set(proof.kind, (ledger.taken.get(proof.kind) ?? 0) + 1);
  return true;
}

/** The same step again, the first one, or words of refusal; what another step's page says is no refusal of this one. */
function wasRefused(logon: KnownLogon, { step, landing }: Answered): boolean {
  if (landing.logon !== logon.uid) return false;
  if (landing.status >= 400 || landing.step === 'password') return true;
  return step !== 'password' && step !== 'passkey' && landing.step === logon.due;
}

function enter(ledger: Ledger, logon: KnownLogon, proof: Proof, landing: Landing): boolean {
  switch (proof.kind) {
    case 'password':
      return ledger.users.get(proof.userId)?.password === proof.password && begin(ledger, logon, proof.userId, ['pwd']);
    case 'passkey':
      return spend(ledger, logon, proof) && begin(ledger, logon, proof.userId, ['swk', 'user']);
    case 'totp':
    case 'recovery':
    case 'passkey-factor':
      return showFactor(ledger, logon, proof);
    case 'reset':
      return reset(ledger, logon, proof.password);
    case 'bind':
    case 'bind-passkey':
      return bind(ledger, logon, proof, landing);
    case 'recovery-codes': {
      const isDue = logon.codesPending;
      logon.codesPending = false;
      return isDue;
    }
    case 'consent':
      return logon.isConsent;
  }
}

/** A challenge answers the logon that it was made for, once. */
function spend(
  ledger: Ledger,
  logon: KnownLogon,
  { challenge, askedBy, userId }: Extract<Proof, { challenge: string }>,
): boolean {
  if (askedBy !== logon.uid || ledger.spentChallenges.has(challenge)) return false;
  if (ledger.users.get(userId)?.hasCredential !== true) return false;
  ledger.spentChallenges.add(challenge);
  return true;
}

/** A first factor, where none was shown yet, or by somebody else in a step-up. */
function begin(ledger: Ledger, logon: KnownLogon, userId: string, methods: readonly Method[]): boolean {
  const user = ledger.users.get(userId);
  if (user?.enabled !== true || user.alias !== logon.alias || logon.isConsent) return false;
  if (provedUser(ledger, logon) !== undefined && !logon.isStepUp) return false;
  Object.assign(logon, {
    userId,
    epoch: user.epoch,
    methods,
    isStepUp: false,
    hasShownFactor: false,
    codesPending: false,
  });
  return true;
}

const factorSteps: readonly (string | undefined)[] = ['totp', 'recovery', 'passkey-factor'];

type FactorProof = Extract<Proof, { readonly kind: 'totp' | 'recovery' | 'passkey-factor' }>;

function showFactor(ledger: Ledger, logon: KnownLogon, proof: FactorProof): boolean {
  const user = provedUser(ledger, logon);
  if (user === undefined || user.userId !== proof.userId || !hasMfa(user)) return false;
  const isOwed = !logon.isStepUp && !reaches(logon.methods, 'urn:postern:acr:mfa');
  if (!isOwed && !factorSteps.includes(logon.due)) return false;
  const needed = ledger.requests.get(logon.request ?? '')?.needed;
  if (proof.kind !== 'passkey-factor' && needed === 'urn:postern:acr:phr') return false;
  if (!useUp(ledger, logon, { user, proof })) return false;
  const method: Method = proof.kind === 'passkey-factor' ? 'swk' : 'otp';
  Object.assign(logon, { methods: [...new Set([...logon.methods, method])], hasShownFactor: true });
  return true;
}

/** A code or an assertion is good once, whoever shows it, and wherever. */
function useUp(ledger: Ledger, logon: KnownLogon, { user, proof }: { user: KnownUser; proof: FactorProof }): boolean {
  if (proof.kind === 'passkey-factor') return spend(ledger, logon, proof);
  if (proof.kind === 'recovery') return user.recoveryCodes.delete(proof.code);
  if (user.totp?.secret !== proof.secret || proof.timeStep <= user.totp.lastStep) return false;
  user.totp.lastStep = proof.timeStep;
  return true;
}

function reset(ledger: Ledger, logon: KnownLogon, password: string): boolean {
  const user = provedUser(ledger, logon);
  if (user?.resetRequired !== true || logon.isStepUp || isFactorOwed(user, logon)) return false;
  raiseEpoch(ledger, user);
  Object.assign(user, { password, passwordHash: undefined, resetRequired: false });
  logon.epoch = user.epoch;
  return true;
}

export const isFactorOwed = (user: KnownUser, { methods }: KnownLogon): boolean =>
  hasMfa(user) && !reaches(methods, 'urn:postern:acr:mfa');

function bind(
  ledger: Ledger,
  logon: KnownLogon,
  proof: Extract<Proof, { readonly kind: 'bind' | 'bind-passkey' }>,
  landing: Landing,
): boolean {
  const user = provedUser(ledger, logon);
  if (user === undefined || user.resetRequired || hasMfa(user)) return false;
  if (
    proof.kind === 'bind' ? proof.secret !== logon.offered : proof.askedBy !== logon.uid || proof.userId !== user.userId
  )
    return false;
  if (proof.kind === 'bind') user.totp = { secret: proof.secret, lastStep: proof.timeStep };
  else user.hasCredential = true;
  user.recoveryCodes = new Set(landing.recoveryCodes);
  const method: Method = proof.kind === 'bind' ? 'otp' : 'swk';
  Object.assign(logon, {
    methods: [...logon.methods, method],
    hasShownFactor: true,
    codesPending: true,
    offered: undefined,
  });
  ledger.version += 1;
  return true;
}
