import { verifyRecoveryCode } from '../../../domain/mfa/mfa.ts';
import type { RecoveryPage } from '../../views/pages.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { type LogonStep, principalOf, type Visit, visitUser } from '../visit.ts';
import { tooManyTries, trySecondFactor } from './second-factor.ts';

/** A recovery code, in place of the authenticator app. Due only as an alternative to it. */
export const recoveryStep: LogonStep = {
  name: 'recovery',
  isDue: () => false,
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    const user = visitUser(visit);
    const verdict = await trySecondFactor(visit, () => verifyRecoveryCode(visit.deps, user, form.get('recovery_code') ?? ''));
    if (verdict === 'right') return { outcome: 'proceed', state: { ...visit.situation.state, secondFactor: 'recovery' } };
    await auditFactorRefusal(visit, 'recovery', verdict);
    const error = verdict === 'throttled' ? tooManyTries : 'This recovery code is not right, or was used already.';
    return { outcome: 'refused', page: page(visit, error), status: verdict === 'throttled' ? 429 : 401 };
  },
};

const page = (visit: Visit, error?: string): RecoveryPage => ({
  name: 'logon/recovery',
  action: visit.action,
  csrf: visit.csrf,
  principal: principalOf(visit),
  error,
  totpHref: visit.action,
});
