import { verifyLogonPasskey } from '../../../domain/logon/verify-logon-passkey.ts';
import { passkeyMethod } from '../../oidc/levels.ts';
import { deviceTokenHashes } from '../device-cookie.ts';
import { boundTo, type LogonStep } from '../visit.ts';
import { firstFactorSteps, hintedName, passwordPage, proceedAs } from './first-factor.ts';

/** One answer for every refusal, as with a password. */
const refusal = 'password.passkey-refused';

/** A passkey in place of name and password, on the same page: a whole logon, with two factors. Due only as an alternative. */
export const passkeyStep: LogonStep = {
  name: 'passkey',
  alternatives: firstFactorSteps,
  isDue: () => false,
  show: (visit) => passwordPage(visit, { username: hintedName(visit) }),
  submit: async (visit, form) => {
    const verdict = await verifyLogonPasskey(visit.deps, {
      accountId: visit.hosted.accountId,
      settings: visit.hosted.settings,
      boundTo: boundTo(visit),
      response: form.get('passkey_response') ?? '',
      deviceTokenHashes: deviceTokenHashes(visit),
      ...visit.info,
    });
    if (verdict.outcome === 'accepted') return proceedAs(verdict.user, [passkeyMethod(verdict.backupEligible), 'user']);
    const words = { username: form.get('username') ?? '', error: refusal } as const;
    return { outcome: 'refused', page: passwordPage(visit, words), status: 401 };
  },
};
