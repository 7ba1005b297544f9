import type { Form } from '../http/form-body.ts';
import type { LogonState } from './logon-state.ts';
import type { Visit } from './visit.ts';

/** Whether the account lets a device stand in for the second factor for a while (RAM: EnableSaveMFATicket). */
export const mayRememberDevice = ({ hosted }: Pick<Visit, 'hosted'>): boolean =>
  hosted.settings.securityPreferences.enableSaveMFATicket;

/** What the user ticked beside a second factor: kept until the logon is complete. */
export const rememberChoice = (visit: Visit, form: Form): Pick<LogonState, 'rememberDevice'> =>
  mayRememberDevice(visit) && (form.get('remember_device') ?? '') !== '' ? { rememberDevice: true } : {};

/** Whether this device stands in for the second factor from now on. */
export const isToRemember = (visit: Visit): boolean =>
  visit.situation.state.rememberDevice === true && mayRememberDevice(visit);
