import type { Method } from '../../../../src/web/oidc/levels.ts';
import type { StartedRequest } from './trace.ts';

/** A user as they must be, after all that was truly proved and done. */
export interface KnownUser {
  readonly userId: string;
  readonly userName: string;
  readonly alias: string;
  readonly accountId: string;
  password: string;
  /** As last seen; undefined from a change until it is seen again. */
  passwordHash: string | undefined;
  epoch: number;
  enabled: boolean;
  resetRequired: boolean;
  mfaRequired: boolean;
  totp: { readonly secret: string; lastStep: number } | undefined;
  hasCredential: boolean;
  recoveryCodes: Set<string>;
}

/** What a browser has earned at an account. */
export interface KnownSession {
  readonly userId: string;
  readonly epoch: number;
  readonly methods: readonly Method[];
}

/** What was truly proved in one logon. */
export interface KnownLogon {
  readonly uid: string;
  readonly alias: string;
  readonly browser: number;
  readonly request: string | undefined;
  /** The session that the browser had when it began. */
  readonly sessionBefore: KnownSession | undefined;
  readonly isConsent: boolean;
  userId: string | undefined;
  epoch: number;
  methods: readonly Method[];
  isStepUp: boolean;
  /** Second factor shown in this very logon. */
  hasShownFactor: boolean;
  codesPending: boolean;
  fromStart: boolean;
  isFinished: boolean;
  offered: string | undefined;
  /** The step last seen to be due, and in which state of the world. */
  due: string | undefined;
  dueSeenAt: number;
}

export interface KnownRequest extends StartedRequest {
  /** Who has proved who they are for it. */
  provedBy: string | undefined;
  codes: number;
}

export interface KnownCode extends KnownSession {
  readonly request: string;
  isRedeemed: boolean;
}

/** All that the model holds for true. */
export interface Ledger {
  readonly users: Map<string, KnownUser>;
  readonly logons: Map<string, KnownLogon>;
  readonly requests: Map<string, KnownRequest>;
  /** By browser and alias. */
  readonly sessions: Map<string, KnownSession>;
  readonly codes: Map<string, KnownCode>;
  /** Access tokens, with whom they speak for. */
  readonly tokens: Map<string, KnownSession>;
  readonly spentChallenges: Set<string>;
  /** Steps that were taken so far, and how often. */
  readonly taken: Map<string, number>;
  /** Rises with each change that may alter what is due in any logon. */
  version: number;
}

export const newLedger = (users: readonly KnownUser[]): Ledger => ({
  users: new Map(users.map((user) => [user.userId, structuredClone(user)])),
  logons: new Map(),
  requests: new Map(),
  sessions: new Map(),
  codes: new Map(),
  tokens: new Map(),
  spentChallenges: new Set(),
  taken: new Map(),
  version: 0,
});

export const hasMfa = ({ totp, hasCredential }: KnownUser): boolean => totp !== undefined || hasCredential;

/** Whether what was once proved for a user still counts. */
export const holds = (
  ledger: Ledger,
  proved: { readonly userId: string | undefined; readonly epoch: number } | undefined,
): boolean => {
  const user = proved?.userId === undefined ? undefined : ledger.users.get(proved.userId);
  return user !== undefined && user.enabled && user.epoch === proved?.epoch;
};

const sessionKey = (browser: number, alias: string): string => `${browser} ${alias}`;

/** The session that a browser must have at an account; undefined where it has none that counts. */
export const sessionOf = (ledger: Ledger, browser: number, alias: string): KnownSession | undefined => {
  const session = ledger.sessions.get(sessionKey(browser, alias));
  return holds(ledger, session) ? session : undefined;
};

export const keepSession = (
  ledger: Ledger,
  { browser, alias }: Pick<KnownLogon, 'browser' | 'alias'>,
  session: KnownSession,
): void => {
  ledger.sessions.set(sessionKey(browser, alias), session);
  ledger.version += 1;
};

/** The user of a logon, where what was proved in it still counts. */
export const provedUser = (ledger: Ledger, logon: KnownLogon): KnownUser | undefined =>
  holds(ledger, logon) ? ledger.users.get(logon.userId ?? '') : undefined;

/** Nothing that was proved in a logon holds any more. */
export function beginAgain(logon: KnownLogon): void {
  if (logon.userId !== undefined) logon.fromStart = true;
  Object.assign(logon, {
    userId: undefined,
    methods: [],
    isStepUp: false,
    hasShownFactor: false,
    codesPending: false,
    offered: undefined,
  });
}

/** A step-up goes on from the session that the browser had when the logon began, and from all that its user has shown in it since. */
export function adoptSession(ledger: Ledger, logon: KnownLogon): void {
  const { sessionBefore } = logon;
  if (logon.userId !== undefined || logon.fromStart || sessionBefore === undefined || !holds(ledger, sessionBefore))
    return;
  const present = sessionOf(ledger, logon.browser, logon.alias);
  const { userId, epoch, methods } = present?.userId === sessionBefore.userId ? present : sessionBefore;
  Object.assign(logon, { userId, epoch, methods, isStepUp: true });
}

/** Everything that was proved for a user up to now counts no more. */
export function raiseEpoch(ledger: Ledger, user: KnownUser): void {
  user.epoch += 1;
  ledger.version += 1;
}
