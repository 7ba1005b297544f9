import { listMfaDevices } from '../../../domain/mfa/mfa-store.ts';
import { verifyTotp } from '../../../domain/mfa/mfa.ts';
import type { TotpPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { type LogonStep, type Visit, visitUser } from '../visit.ts';
import { answerSecondFactor, factorForm, factorRule } from './second-factor.ts';

/** A code of the user's authenticator app. */
export const totpStep: LogonStep = {
  ...factorRule('totp'),
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    const code = (form.get('code') ?? '').replace(/\s/g, '');
    return await answerSecondFactor(visit, form, {
      factor: 'totp',
      prepare: () => listMfaDevices(visit.deps.db, visitUser(visit).userId),
      evaluate: async (devices) => {
        const presented = { code, nowSeconds: Math.floor(Date.now() / 1000), devices };
        return (await verifyTotp(visit.deps, visitUser(visit), presented)) ? 'otp' : undefined;
      },
      page: (error) => page(visit, error),
      wrong: 'totp.wrong',
    });
  },
};

const page = (visit: Visit, error?: Wording): TotpPage => ({
  name: 'logon/totp',
  ...factorForm(visit, 'totp'),
  error,
});
