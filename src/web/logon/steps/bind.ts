import { open, seal } from '../../../crypto/envelope.ts';
import { bindAuthenticator } from '../../../domain/logon/bind-authenticator.ts';
import { newTotpSecret, totpUri } from '../../../domain/mfa/totp.ts';
import { stepAnswered } from '../../oidc/step-answered.ts';
import type { BindPage } from '../../views/pages/logon-pages.ts';
import type { Wording } from '../../views/translate.ts';
import { advanceLogonState, type LogonState, readLogonState } from '../logon-state.ts';
import { bindingIsDue } from '../second-factors.ts';
import { actorOf, type LogonStep, principalOf, sealedInLogon, stepHref, type Visit } from '../visit.ts';
import { answerBinding } from './binding.ts';

/** Binding a factor, where account or app demand a second one and the user has none: an authenticator app, unless they choose a passkey. */
export const bindStep: LogonStep = {
  name: 'bind',
  alternatives: () => ['bind-passkey'],
  isDue: bindingIsDue,
  show: async (visit) => page(visit, await offeredSecret(visit)),
  submit: async (visit, form) => {
    const secret = readSecret(visit);
    if (secret === undefined) return { outcome: 'proceed', state: visit.situation.state };
    const code = (form.get('code') ?? '').replace(/\s/g, '');
    const nowSeconds = Math.floor(Date.now() / 1000);
    return await answerBinding(visit, {
      factor: 'totp',
      bind: () => bindAuthenticator(visit.deps, actorOf(visit), { secret, code, nowSeconds }),
      page: (error) => page(visit, secret, error),
      wrong: 'bind.wrong',
    });
  },
};

function readSecret(visit: Visit): string | undefined {
  const { bindSecretSealed } = visit.situation.state;
  return bindSecretSealed === undefined
    ? undefined
    : open(visit.deps.keyRing, bindSecretSealed, sealedInLogon(visit, 'bind_secret'));
}

/** One seed for the whole logon, however often the page is opened: reloading must not strand who has scanned already. */
async function offeredSecret(visit: Visit): Promise<string> {
  const known = readSecret(visit);
  if (known !== undefined) return known;
  const place = { issuerName: visit.hosted.issuerName, uid: visit.interaction.uid };
  const secret = newTotpSecret();
  const bindSecretSealed = seal(visit.deps.keyRing, secret, sealedInLogon(visit, 'bind_secret'));
  const next: LogonState = { ...visit.situation.state, bindSecretSealed };
  if (await advanceLogonState(visit.deps.ephemeral, place, visit.stored, next)) return secret;
  // The page was asked for twice at once: both show the seed of whoever came first.
  const present = await readLogonState(visit.deps.ephemeral, place.issuerName, place.uid);
  const offered = readSecret({ ...visit, situation: { ...visit.situation, state: present.state } });
  if (offered === undefined) throw stepAnswered();
  return offered;
}

function page(visit: Visit, secret: string, error?: Wording): BindPage {
  const principal = principalOf(visit);
  return {
    name: 'logon/bind',
    action: visit.action,
    csrf: visit.csrf,
    principal,
    secret,
    otpauthUri: totpUri(secret, visit.hosted.currentAlias, principal),
    passkeyHref: stepHref(visit, 'bind-passkey'),
    error,
  };
}
