import { isNameOf, parseLogonName } from '../../../domain/logon/logon-name.ts';
import { verifyLogonPassword } from '../../../domain/logon/verify-logon-password.ts';
import { beginWrite, requestState } from '../../oidc/request-state.ts';
import { deviceTokenHashes } from '../device-cookie.ts';
import type { LogonStep } from '../visit.ts';
import { firstFactorSteps, hintedName, passwordPage, proceedAs } from './first-factor.ts';
import { tooManyTries } from './second-factor.ts';

/** One answer for every refusal, so that it tells nothing of names (ASVS 6.3.8). */
const refusal = 'password.wrong';

/** Name and password in one form. */
export const passwordStep: LogonStep = {
  name: 'password',
  alternatives: firstFactorSteps,
  isDue: ({ purpose, state }) => purpose === 'login' && state.userId === undefined,
  show: (visit) => passwordPage(visit, { username: hintedName(visit) }),
  submit: async (visit, form) => {
    const username = form.get('username') ?? '';
    const name = parseLogonName(username, visit.deps.logonDomain);
    const verdict = await verifyLogonPassword(visit.deps, {
      accountId: visit.hosted.accountId,
      settings: visit.hosted.settings,
      typedName: username.trim(),
      userName: name !== undefined && isNameOf(visit.hosted, name.accountName) ? name.userName : undefined,
      password: form.get('password') ?? '',
      deviceTokenHashes: deviceTokenHashes(visit),
      ...visit.info,
    });
    switch (verdict.outcome) {
      case 'accepted':
        beginWrite(requestState(), verdict.noted);
        return proceedAs(verdict.user, ['pwd']);
      case 'throttled': {
        const { waitSeconds: retryAfterSeconds } = verdict;
        const page = passwordPage(visit, { username, error: tooManyTries, retryAfterSeconds });
        return { outcome: 'refused', page, status: 429 };
      }
      case 'refused':
        return { outcome: 'refused', page: passwordPage(visit, { username, error: refusal }), status: 401 };
    }
  },
};
