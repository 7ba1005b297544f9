import type { Context } from 'koa';
import type { Client, Interaction } from 'oidc-provider';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { SealedPlace } from '../../crypto/envelope.ts';
import type { BreachedPasswords } from '../../domain/login-profiles/breached-passwords.ts';
import type { LogonActor } from '../../domain/logon/logon-event.ts';
import type { LogonUser } from '../../domain/logon/logon-store.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { FormTokens } from '../http/csrf.ts';
import type { Form } from '../http/form-body.ts';
import type { RequestInfo } from '../http/request-info.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import type { Page } from '../views/pages.ts';
import type { PageDeps } from '../views/send-page.ts';
import type { LogonState, StoredLogonState } from './logon-state.ts';
import type { Situation, StepName, StepRule } from './next-step.ts';

export interface LogonDeps extends PageDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
  readonly breachedPasswords: BreachedPasswords | undefined;
  readonly formTokens: FormTokens;
  readonly logonDomain: string;
  readonly publicUrl: string;
  /** Has the apps of sessions that have just ended told of it; returns at once. */
  readonly tellApps: () => void;
}

/** The app that a logon leads to. */
export interface LogonApp {
  readonly client: Client;
  /** Undefined for our own portal, which needs no naming. */
  readonly name: string | undefined;
}

/** One request to a logon under way. */
export interface Visit {
  readonly ctx: Context;
  readonly deps: LogonDeps;
  readonly hosted: HostedIssuer;
  readonly interaction: Interaction;
  readonly app: LogonApp;
  readonly info: RequestInfo;
  readonly stored: StoredLogonState;
  readonly situation: Situation;
  /** Where this logon's forms post to: its address, with the app in it, and so with a query. */
  readonly action: string;
  readonly csrf: string;
}

/** What came of an answer to a step. */
export type StepOutcome =
  /** Proved or done: go on with this state. `user` where it is another, or differs from what the visit began with. */
  | {
      readonly outcome: 'proceed';
      readonly state: LogonState;
      readonly user?: LogonUser;
      /** The user's sessions have ended with it, the one that this logon began in too. */
      readonly endsSessions?: true;
    }
  /** Show the step again, with what was wrong. */
  | { readonly outcome: 'refused'; readonly page: Page; readonly status: 400 | 401 | 429 }
  /**
   * The user changed while the answer was looked at, perhaps by the same answer sent twice: nothing is written, lest that undo what the other did.
   * What holds is worked out anew.
   */
  | { readonly outcome: 'void' }
  /** The engine takes over with this answer. */
  | { readonly outcome: 'answer'; readonly result: Record<string, unknown> };

export interface LogonStep extends StepRule {
  show(visit: Visit): Promise<Page> | Page;
  submit(visit: Visit, form: Form): Promise<StepOutcome>;
}

/** The user of a step after the first. Throws where the step table let somebody through without one. */
export function visitUser({ situation }: Visit): LogonUser {
  if (situation.user === undefined) throw new Error('a step after the first has no user');
  return situation.user;
}

/** A parameter of the authorization request; empty where it was not sent. */
export function requestParameter(interaction: Interaction, name: string): string {
  const value = interaction.params[name];
  return typeof value === 'string' ? value : '';
}

/** `user@alias`: how pages name who is signing in, and what password managers keep. */
export const principalOf = (visit: Visit): string => `${visitUser(visit).userName}@${visit.hosted.currentAlias}`;

/** Who acts in this logon, for the domain and its audit log. */
export function actorOf(visit: Visit): LogonActor {
  const { userEpoch } = visit.situation.state;
  if (userEpoch === undefined) throw new Error('a step after the first has no epoch');
  return { user: visitUser(visit), userEpoch, ...visit.info };
}

/** Where the same logon offers another step. */
export const stepHref = ({ action }: Pick<Visit, 'action'>, step: StepName): string => `${action}&factor=${step}`;

/** What a challenge to an authenticator holds for: this logon alone. */
export const boundTo = ({ hosted, interaction }: Pick<Visit, 'hosted' | 'interaction'>): string =>
  `${hosted.issuerName}:${interaction.uid}`;

/** Where a secret of a logon is sealed: it opens in this logon alone. */
export const sealedInLogon = ({ hosted, interaction }: Visit, what: string): SealedPlace => ({
  accountId: hosted.accountId,
  row: interaction.uid,
  column: `logon.${what}`,
});
