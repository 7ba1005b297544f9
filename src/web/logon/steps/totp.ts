import { verifyTotp } from '../../../domain/mfa/mfa.ts';
import type { TotpPage } from '../../views/pages.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { type LogonStep, principalOf, type Visit, visitUser } from '../visit.ts';
import { secondFactorIsDue, tooManyTries, trySecondFactor } from './second-factor.ts';

/** A code of the user's authenticator app. */
export const totpStep: LogonStep = {
  name: 'totp',
  alternatives: ['recovery'],
  isDue: (situation) => secondFactorIsDue({ situation }),
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    const code = (form.get('code') ?? '').replace(/\s/g, '');
    const user = visitUser(visit);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const verdict = await trySecondFactor(visit, () => verifyTotp(visit.deps, user, code, nowSeconds));
    if (verdict === 'right') return { outcome: 'proceed', state: { ...visit.situation.state, secondFactor: 'totp' } };
    await auditFactorRefusal(visit, 'totp', verdict);
    const error = verdict === 'throttled' ? tooManyTries : 'This code is not right, or was used already. Wait for the next one.';
    return { outcome: 'refused', page: page(visit, error), status: verdict === 'throttled' ? 429 : 401 };
  },
};

const page = (visit: Visit, error?: string): TotpPage => ({
  name: 'logon/totp',
  action: visit.action,
  csrf: visit.csrf,
  principal: principalOf(visit),
  appName: visit.app.name,
  error,
  recoveryHref: `${visit.action}?factor=recovery`,
});
