import { newToken } from '../../../crypto/tokens.ts';
import { parseLogonName } from '../../../domain/logon/logon-name.ts';
import { verifyLogonPassword } from '../../../domain/logon/verify-logon-password.ts';
import type { Form } from '../../http/form-body.ts';
import type { PasswordPage } from '../../views/pages.ts';
import { type LogonStep, requestParameter, type StepOutcome, type Visit } from '../visit.ts';
import { tooManyTries } from './second-factor.ts';

/** One answer for every refusal, so that it tells nothing of names (ASVS 6.3.8). */
const refusal = 'The name or the password is not right.';

/** Name and password in one form. */
export const passwordStep: LogonStep = {
  name: 'password',
  isDue: ({ purpose, state }) => purpose === 'login' && state.userId === undefined,
  show: (visit) => page(visit, { username: hintedName(visit) }),
  submit: async (visit, form) => {
    const typed = form.get('username') ?? '';
    const name = parseLogonName(typed, visit.deps.logonDomain);
    const isHere = name !== undefined && (name.accountName === undefined || namesAccount(visit, name.accountName));
    const verdict = await verifyLogonPassword(visit.deps, {
      accountId: visit.hosted.accountId,
      settings: visit.hosted.settings,
      typedName: typed.trim(),
      userName: isHere ? name.userName : undefined,
      password: form.get('password') ?? '',
      ...visit.info,
    });
    if (verdict.outcome === 'accepted') {
      const { user } = verdict;
      const provedAt = Math.floor(Date.now() / 1000);
      return {
        outcome: 'proceed',
        state: { userId: user.userId, userEpoch: user.epoch, provedAt, proofId: newToken() },
        user,
      };
    }
    return refuse(visit, form, verdict.outcome === 'throttled');
  },
};

function refuse(visit: Visit, form: Form, throttled: boolean): StepOutcome {
  const username = form.get('username') ?? '';
  const error = throttled ? tooManyTries : refusal;
  return { outcome: 'refused', page: page(visit, { username, error }), status: throttled ? 429 : 401 };
}

const namesAccount = ({ hosted }: Visit, accountName: string): boolean =>
  [hosted.currentAlias, hosted.issuerName, hosted.accountId].includes(accountName);

/** `login_hint` (OpenID Connect Core section 3.1.2.1): `user` or `user@alias`. */
function hintedName({ interaction, deps }: Visit): string {
  return parseLogonName(requestParameter(interaction, 'login_hint'), deps.logonDomain)?.userName ?? '';
}

function page(visit: Visit, { username, error }: { username: string; error?: string }): PasswordPage {
  const { hosted, deps, action, csrf, app } = visit;
  return {
    name: 'logon/password',
    action,
    csrf,
    alias: hosted.issuerName,
    accountName: hosted.currentAlias,
    upnSuffix: `@${hosted.currentAlias}.${deps.logonDomain}`,
    username,
    appName: app.name,
    error,
  };
}
