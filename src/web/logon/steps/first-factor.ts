import { parseLogonName } from '../../../domain/logon/logon-name.ts';
import { newToken } from '../../../crypto/tokens.ts';
import type { LogonUser } from '../../../domain/logon/logon-store.ts';
import { assertionOptions } from '../../../domain/mfa/webauthn/assertion.ts';
import type { Method } from '../../oidc/levels.ts';
import type { PasswordPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import type { Situation, StepName } from '../next-step.ts';
import { boundTo, principalOf, requestParameter, type StepOutcome, type Visit } from '../visit.ts';

/** How a logon can begin. Both are on one page. */
export const firstFactorSteps = ({ preferences }: Situation): readonly StepName[] =>
  preferences.allowUserToLoginWithPasskey ? ['password', 'passkey'] : ['password'];

/** Goes on as the user who has just proved who they are. */
export const proceedAs = (user: LogonUser, methods: readonly Method[]): StepOutcome => ({
  outcome: 'proceed',
  state: {
    ...{ userId: user.userId, userEpoch: user.epoch, methods, proofId: newToken() },
    provedAt: Math.floor(Date.now() / 1000),
  },
  user,
});

/** `login_hint` (OpenID Connect Core section 3.1.2.1): `user` or `user@alias`. */
export function hintedName({ interaction, deps }: Visit): string {
  return parseLogonName(requestParameter(interaction, 'login_hint'), deps.logonDomain)?.userName ?? '';
}

/** What the page says beside its fields. */
interface PasswordPageWords {
  readonly username: string;
  readonly error?: Wording;
  readonly retryAfterSeconds?: number | undefined;
}

export function passwordPage(visit: Visit, words: PasswordPageWords): PasswordPage {
  const { hosted, deps, action, csrf, app, situation } = visit;
  const { state, preferences } = situation;
  return {
    name: 'logon/password',
    action,
    csrf,
    alias: hosted.issuerName,
    accountName: hosted.currentAlias,
    upnSuffix: `@${hosted.currentAlias}.${deps.logonDomain}`,
    appName: app.name,
    ...words,
    notice: words.error === undefined ? state.notice : undefined,
    passkeyOptions: preferences.allowUserToLoginWithPasskey ? passkeyOptions(visit) : undefined,
    present: state.isStepUp === true ? { principal: principalOf(visit), href: action } : undefined,
  };
}

const passkeyOptions = (visit: Visit): string =>
  JSON.stringify(assertionOptions(visit.deps, { ceremony: 'logon', boundTo: boundTo(visit) }));
