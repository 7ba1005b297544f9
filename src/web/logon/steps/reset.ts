import { choosePassword } from '../../../domain/logon/choose-password.ts';
import { passwordRules } from '../../../domain/login-profiles/password-rules.ts';
import { beginWrite, requestState } from '../../oidc/request-state.ts';
import type { ResetPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { flawWording } from '../../views/password-rules.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import { actorOf, type LogonStep, principalOf, type StepOutcome, type Visit, visitUser } from '../visit.ts';
import { throttled, tooManyTries } from './second-factor.ts';

/** A password of the user's own, in place of the one they were given. */
export const resetStep: LogonStep = {
  name: 'reset',
  // In a step-up nobody has given the password, and who has a session alone must not set another.
  isDue: ({ purpose, state, user }) => purpose === 'login' && state.isStepUp !== true && user?.resetRequired === true,
  show: (visit) => page(visit, []),
  submit: async (visit, form) => {
    const newPassword = form.get('new_password') ?? '';
    if (newPassword !== (form.get('confirm_password') ?? '')) return refuse(visit, ['reset.differ']);
    const chosen = await choosePassword(visit.deps, actorOf(visit), newPassword);
    if (chosen.outcome === 'weak') return refuse(visit, chosen.flaws.map(flawWording));
    if (chosen.outcome === 'throttled') return throttled(page(visit, [tooManyTries]), chosen.waitSeconds);
    if (chosen.outcome === 'void') {
      await auditFactorRefusal(visit, 'reset', 'void');
      return { outcome: 'void' };
    }
    beginWrite(requestState(), chosen.noted);
    const user = { ...visitUser(visit), resetRequired: false, passwordPastAge: false, epoch: chosen.epoch };
    const state = { ...visit.situation.state, userEpoch: chosen.epoch };
    return { outcome: 'proceed', state, user, endsSessions: true };
  },
};

const refuse = (visit: Visit, errors: readonly Wording[]): StepOutcome => ({
  outcome: 'refused',
  page: page(visit, errors),
  status: 400,
});

const page = (visit: Visit, errors: readonly Wording[]): ResetPage => ({
  name: 'logon/reset',
  action: visit.action,
  csrf: visit.csrf,
  principal: principalOf(visit),
  reason: visitUser(visit).passwordPastAge ? 'expired' : 'first',
  rules: passwordRules(visit.hosted.settings.passwordPolicy, { ...visit.deps, userName: visitUser(visit).userName }),
  errors,
});
