import { type KnownUser, type Ledger, newLedger } from './ledger.ts';
import type { AdministratorsAct, Holdings, Landing, Observation, Proof, StartedRequest, TokenClaims } from './trace.ts';

/** A course that a machine might have taken, and what the model knows at its beginning. */
export interface MadeUpTrace {
  readonly ledger: Ledger;
  readonly seen: readonly Observation[];
}

export const secret = 'JBSWY3DPEHPK3PXP';

/** A user with an authenticator app, unless told otherwise. */
export const alice = (changes: Partial<KnownUser> = {}): KnownUser => ({
  ...{
    userId: '1',
    userName: 'alice',
    alias: 'acme',
    accountId: '10',
    password: 'right',
    passwordHash: 'hash',
    epoch: 0,
  },
  ...{ enabled: true, resetRequired: false, mfaRequired: false, totp: { secret, lastStep: 0 }, hasCredential: false },
  ...{ recoveryCodes: new Set(['one', 'two']), ...changes },
});

export const bob = (changes: Partial<KnownUser> = {}): KnownUser =>
  alice({ userId: '2', userName: 'bob', password: 'other', totp: undefined, recoveryCodes: new Set(), ...changes });

export const shows = (step: string, logon = 'L1', changes: Partial<Landing> = {}): Landing => ({
  ...{ status: 200, at: 'logon', alias: 'acme', logon, step, ...changes },
});

export const brings = (code: string, request = 'R1'): Landing => ({ status: 303, at: 'app', code, request });

export const starts = (landing: Landing, changes: Partial<StartedRequest> = {}): Observation => ({
  kind: 'started',
  request: {
    ...{ id: 'R1', browser: 0, alias: 'acme', clientId: 'app', needed: 'urn:postern:acr:pwd', isFresh: false },
    ...changes,
  },
  landing,
});

export const answers = (
  proof: Proof,
  landing: Landing,
  changes: { logon?: string; browser?: number } = {},
): Observation => ({
  ...{ kind: 'answered', browser: 0, logon: 'L1', step: proof.kind, proof, landing, ...changes },
});

export const proveNothing = (step: string, landing: Landing, logon = 'L1'): Observation => ({
  ...{ kind: 'answered', browser: 0, logon, step, landing },
});

export const password = (userId = '1', text = 'right'): Proof => ({ kind: 'password', userId, password: text });
export const totp = (timeStep = 5): Proof => ({ kind: 'totp', userId: '1', secret, timeStep });
export const recovery = (code = 'one'): Proof => ({ kind: 'recovery', userId: '1', code });
export const passkey = (askedBy = 'L1', challenge = 'c1'): Proof => ({
  kind: 'passkey',
  userId: '1',
  challenge,
  askedBy,
});

const aliceAtMfa: TokenClaims = { sub: '1', aid: '10', acr: 'urn:postern:acr:mfa', amr: ['pwd', 'otp', 'mfa'] };

export const redeems = (changes: Partial<TokenClaims> = {}, alias = 'acme', code = 'code1'): Observation => ({
  ...{ kind: 'redeemed', alias, code, status: 200, token: 'token1', claims: { ...aliceAtMfa, ...changes } },
});

export const acts = (act: AdministratorsAct, userId = '1'): Observation => ({
  kind: 'administered',
  userId,
  act,
  status: 200,
});

export const counts = (changes: Partial<Holdings> = {}): Observation => ({
  kind: 'counted',
  holdings: [
    {
      ...{ userId: '1', epoch: 0, passwordHash: 'hash', resetRequired: false, hasTotp: true, hasCredential: false },
      ...{ unusedRecoveryCodes: 2, ...changes },
    },
  ],
});

/** Alice has given her password and her code, and is at the app. */
export const honest = [
  starts(shows('password')),
  answers(password(), shows('totp')),
  answers(totp(), brings('code1')),
] as const;

export const traceOf =
  (seen: readonly Observation[], ...users: readonly KnownUser[]) =>
  (): MadeUpTrace => ({ ledger: newLedger(users.length === 0 ? [alice(), bob()] : users), seen });

/** The second logon of a browser, for the same app. */
export const startsAgain = (landing: Landing, changes: Partial<StartedRequest> = {}): Observation =>
  starts(landing, { id: 'R2', ...changes });

/** Another logon that ends with nothing but the session of the first. */
export const bySessionAlone = (asked: Partial<StartedRequest>) =>
  traceOf([...honest, startsAgain(shows('password', 'L2'), asked), proveNothing('totp', brings('code2', 'R2'), 'L2')]);

/** A course at which nothing is wrong. */
export const soundTrace = traceOf([
  ...honest,
  counts(),
  redeems(),
  { kind: 'used', token: 'token1', status: 200 },
  startsAgain(brings('code2', 'R2')),
  { kind: 'redeemed', alias: 'acme', code: 'code1', status: 400, claims: undefined },
  acts('disable'),
  { kind: 'used', token: 'token1', status: 401 },
  { kind: 'redeemed', alias: 'acme', code: 'code2', status: 400, claims: undefined },
  startsAgain(shows('password', 'L2'), { id: 'R3' }),
  counts({ epoch: 1 }),
]);
