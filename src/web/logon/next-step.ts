import type { SecurityPreferences } from '../../domain/accounts/security-preferences.ts';
import type { LogonUser } from '../../domain/logon/logon-store.ts';
import type { LevelWish } from '../oidc/levels.ts';
import type { LogonState } from './logon-state.ts';

export type StepName =
  | 'password'
  | 'passkey'
  | 'passkey-factor'
  | 'totp'
  | 'recovery'
  | 'reset'
  | 'bind'
  | 'bind-passkey'
  | 'recovery-codes'
  | 'consent';

/** Everything that decides which step is due, recomputed at every request: what was proved, and what account and app demand now. */
export interface Situation {
  /**
   * Why the engine sent the user here. Consent is asked of a session whose logon was complete; whatever raises a demand afterwards ends
   * that session, so then nothing but consent is due.
   */
  readonly purpose: 'login' | 'consent';
  readonly state: LogonState;
  /** The user that the state speaks of, as they are now; undefined before the first factor. */
  readonly user: LogonUser | undefined;
  readonly wish: LevelWish;
  readonly preferences: Pick<SecurityPreferences, 'allowUserToLoginWithPasskey' | 'allowUserToManageMFADevices'>;
}

/** When a step is due. `alternatives` may be answered in its place: other proofs of the same thing. */
export interface StepRule {
  readonly name: StepName;
  readonly isDue: (situation: Situation) => boolean;
  readonly alternatives?: (situation: Situation) => readonly StepName[];
}

/**
 * The first step of an ordered table that is due, or undefined when the logon is complete. Steps know nothing of one another; an answer to
 * any step but this one (or its alternatives) is refused.
 */
export const nextStep = <Rule extends StepRule>(steps: readonly Rule[], situation: Situation): Rule | undefined =>
  steps.find(({ isDue }) => isDue(situation));
