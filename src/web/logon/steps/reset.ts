import { choosePassword } from '../../../domain/logon/choose-password.ts';
import { passwordRules } from '../../../domain/login-profiles/password-rules.ts';
import type { ResetPage } from '../../views/pages.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { actorOf, type LogonStep, principalOf, type StepOutcome, type Visit, visitUser } from '../visit.ts';
import { tooManyTries } from './second-factor.ts';

/** A password of the user's own, in place of the one they were given. */
export const resetStep: LogonStep = {
  name: 'reset',
  isDue: ({ purpose, user }) => purpose === 'login' && user?.resetRequired === true,
  show: (visit) => page(visit, []),
  submit: async (visit, form) => {
    const newPassword = form.get('new_password') ?? '';
    if (newPassword !== (form.get('confirm_password') ?? '')) return refuse(visit, ['The two entries differ.']);
    const chosen = await choosePassword(visit.deps, actorOf(visit), newPassword);
    if (chosen.outcome === 'weak') return refuse(visit, chosen.reasons);
    if (chosen.outcome === 'throttled') return refuse(visit, [tooManyTries], 429);
    // Void: nothing that was proved holds any more, so the logon begins again.
    if (chosen.outcome === 'void') {
      await auditFactorRefusal(visit, 'reset', 'void');
      return { outcome: 'proceed', state: {} };
    }
    const user = { ...visitUser(visit), resetRequired: false, passwordPastAge: false, epoch: chosen.epoch };
    return { outcome: 'proceed', state: { ...visit.situation.state, userEpoch: chosen.epoch }, user };
  },
};

const refuse = (visit: Visit, errors: readonly string[], status: 400 | 429 = 400): StepOutcome => ({
  outcome: 'refused',
  page: page(visit, errors),
  status,
});

const page = (visit: Visit, errors: readonly string[]): ResetPage => ({
  name: 'logon/reset',
  action: visit.action,
  csrf: visit.csrf,
  principal: principalOf(visit),
  reason: visitUser(visit).passwordPastAge ? 'expired' : 'first',
  rules: passwordRules(visit.hosted.settings.passwordPolicy),
  errors,
});
