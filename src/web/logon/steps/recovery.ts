import { verifyRecoveryCode } from '../../../domain/mfa/mfa.ts';
import type { RecoveryPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { type LogonStep, type Visit, visitUser } from '../visit.ts';
import { answerSecondFactor, factorForm, factorRule, nothingToPrepare } from './second-factor.ts';

/** A recovery code, in place of whatever factor the user has. */
export const recoveryStep: LogonStep = {
  ...factorRule('recovery'),
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    const code = form.get('recovery_code') ?? '';
    return await answerSecondFactor(visit, form, {
      factor: 'recovery',
      prepare: nothingToPrepare,
      evaluate: async () => ((await verifyRecoveryCode(visit.deps, visitUser(visit), code)) ? 'otp' : undefined),
      page: (error) => page(visit, error),
      wrong: 'recovery.wrong',
    });
  },
};

const page = (visit: Visit, error?: Wording): RecoveryPage => ({
  name: 'logon/recovery',
  ...factorForm(visit, 'recovery'),
  error,
});
