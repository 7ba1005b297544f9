import { verifyRecoveryCode } from '../../../domain/mfa/mfa.ts';
import type { RecoveryPage } from '../../views/pages.ts';
import { type LogonStep, principalOf, type Visit, visitUser } from '../visit.ts';
import { answerSecondFactor } from './second-factor.ts';

const wrong = 'This recovery code is not right, or was used already.';

/** A recovery code, in place of the authenticator app. Due only as an alternative to it. */
export const recoveryStep: LogonStep = {
  name: 'recovery',
  isDue: () => false,
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    const user = visitUser(visit);
    const evaluate = () => verifyRecoveryCode(visit.deps, user, form.get('recovery_code') ?? '');
    return await answerSecondFactor(
      visit,
      { factor: 'recovery', evaluate },
      { page: (error) => page(visit, error), wrong },
    );
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
