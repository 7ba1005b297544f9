import { bindPasskey } from '../../../domain/logon/bind-authenticator.ts';
import { deviceNameField } from '../../../domain/mfa/mfa-device-changes.ts';
import { registrationOptions } from '../../../domain/mfa/webauthn/registration.ts';
import type { BindPasskeyPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { actorOf, boundTo, type LogonStep, principalOf, stepHref, type Visit, visitUser } from '../visit.ts';
import { answerBinding } from './binding.ts';

/** Binding a passkey or security key in place of an authenticator app. Due only as an alternative to it. */
export const bindPasskeyStep: LogonStep = {
  name: 'bind-passkey',
  isDue: () => false,
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    // By now the authenticator has made it: a name that will not do is no reason to throw it away.
    const name = deviceNameField.safeParse(form.get('name')?.trim()).data;
    const registration = { boundTo: boundTo(visit), response: form.get('passkey_response') ?? '' };
    return await answerBinding(visit, {
      factor: 'passkey-factor',
      bind: () => bindPasskey(visit.deps, actorOf(visit), { ...registration, ...(name === undefined ? {} : { name }) }),
      page: (error) => page(visit, error),
      wrong: 'bind-passkey.wrong',
    });
  },
};

function page(visit: Visit, error?: Wording): BindPasskeyPage {
  const { accountId, userId, displayName } = visitUser(visit);
  const principal = principalOf(visit);
  const user = { accountId, userId, displayName, principal };
  const { action, csrf, deps } = visit;
  return {
    name: 'logon/bind-passkey',
    ...{ action, csrf, principal, error },
    passkeyOptions: JSON.stringify(registrationOptions(deps, { boundTo: boundTo(visit), user, devices: [] })),
    appHref: stepHref(visit, 'bind'),
  };
}
