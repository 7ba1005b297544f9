import { listMfaDevices } from '../../../domain/mfa/mfa-store.ts';
import { assertionOptions, verifyAssertion } from '../../../domain/mfa/webauthn/assertion.ts';
import { type Method, passkeyMethod } from '../../oidc/levels.ts';
import type { PasskeyFactorPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { boundTo, type LogonStep, type Visit, visitUser } from '../visit.ts';
import { answerSecondFactor, factorForm, factorRule, nothingToPrepare } from './second-factor.ts';

const ceremony = 'second-factor';

/** A passkey or security key of the user, beside the password. */
export const passkeyFactorStep: LogonStep = {
  ...factorRule('passkey-factor'),
  show: (visit) => page(visit),
  submit: (visit, form) =>
    answerSecondFactor(visit, form, {
      factor: 'passkey-factor',
      prepare: nothingToPrepare,
      evaluate: () => verify(visit, form.get('passkey_response') ?? ''),
      page: (error) => page(visit, error),
      wrong: 'passkey-factor.wrong',
    }),
};

async function verify(visit: Visit, response: string): Promise<Method | undefined> {
  const { accountId, userId } = visitUser(visit);
  const claim = { ceremony, boundTo: boundTo(visit), accountId, userId, response } as const;
  const verdict = await verifyAssertion(visit.deps, claim);
  return verdict.outcome === 'refused' ? undefined : passkeyMethod(verdict.backupEligible);
}

async function page(visit: Visit, error?: Wording): Promise<PasskeyFactorPage> {
  const devices = await listMfaDevices(visit.deps.db, visitUser(visit).userId);
  const credentials = devices.filter(({ credentialId }) => credentialId !== null);
  return {
    name: 'logon/passkey-factor',
    ...factorForm(visit, 'passkey-factor'),
    passkeyOptions: JSON.stringify(assertionOptions(visit.deps, { ceremony, boundTo: boundTo(visit), devices })),
    credentialNames: credentials.map(({ name }) => name),
    error,
  };
}
