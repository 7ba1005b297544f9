import { verifyTotp } from '../../../domain/mfa/mfa.ts';
import type { TotpPage } from '../../views/pages.ts';
import { type LogonStep, principalOf, type Visit, visitUser } from '../visit.ts';
import { answerSecondFactor, secondFactorIsDue } from './second-factor.ts';

const wrong = 'This code is not right, or was used already. Wait for the next one.';

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
    const evaluate = () => verifyTotp(visit.deps, user, code, nowSeconds);
    return await answerSecondFactor(
      visit,
      { factor: 'totp', evaluate },
      { page: (error) => page(visit, error), wrong },
    );
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
