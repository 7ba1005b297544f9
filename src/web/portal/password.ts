import { AppError } from '../../domain/app-error.ts';
import { changeOwnPassword } from '../../domain/login-profiles/change-own-password.ts';
import { passwordRules } from '../../domain/login-profiles/password-rules.ts';
import type { Form } from '../http/form-body.ts';
import { problemOf } from '../http/problem.ts';
import type { PortalClosedPage, PortalPasswordPage } from '../views/pages/portal-pages.ts';
import { weakPasswordWordings } from '../views/password-rules.ts';
import { closedPage } from './closed.ts';
import { frameOf } from './frame.ts';
import { addressOf, type LeadOn, may, perform, type PortalRoute, type PortalVisit, type Refused } from './visit.ts';

export const passwordPages: readonly PortalRoute[] = [
  {
    section: 'password',
    path: '/password',
    show: passwordPage,
    act: changePassword,
    again: passwordPage,
  },
];

async function passwordPage(visit: PortalVisit): Promise<PortalPasswordPage | PortalClosedPage> {
  const { deps, hosted, user } = visit;
  if (!(await may(visit, changeOwnPassword, { oldPassword: '', newPassword: '' })))
    return await closedPage(visit, 'password', 'portal.password.closed');
  return {
    name: 'portal/password',
    ...(await frameOf(visit, 'password')),
    action: addressOf(visit, '/password'),
    rules: passwordRules(hosted.settings.passwordPolicy, { ...deps, userName: user.userName }),
  };
}

/** Ends all sessions of the user, this one too. */
async function changePassword(visit: PortalVisit, form: Form): Promise<LeadOn | Refused> {
  const newPassword = form.get('new_password') ?? '';
  if (newPassword !== (form.get('confirm_password') ?? ''))
    return { refusal: { faults: [{ message: 'reset.differ', field: 'new_password' }] }, status: 400 };
  try {
    await perform(visit, changeOwnPassword, { oldPassword: form.get('old_password') ?? '', newPassword });
  } catch (error) {
    const flaws = error instanceof AppError ? weakPasswordWordings(error) : [];
    if (!(error instanceof AppError) || flaws.length === 0) throw error;
    const faults = flaws.map((message) => ({ message, field: 'new_password' }));
    return { refusal: { faults }, status: problemOf(error).status };
  }
  return { ended: 'password-changed' };
}
