import { open, seal } from '../../../crypto/envelope.ts';
import { AppError } from '../../../domain/app-error.ts';
import { bindAuthenticator } from '../../../domain/logon/bind-authenticator.ts';
import { newTotpSecret, totpUri } from '../../../domain/mfa/totp.ts';
import type { BindPage } from '../../views/pages.ts';
import { advanceLogonState, type LogonState, readLogonState } from '../logon-state.ts';
import { auditFactorRefusal } from '../logon-audit.ts';
import {
  actorOf,
  type LogonStep,
  principalOf,
  sealedInLogon,
  type StepOutcome,
  type Visit,
  visitUser,
} from '../visit.ts';
import { tooManyTries, trySecondFactor } from './second-factor.ts';

/** Binding an authenticator app, where the account demands a second factor and the user has none. */
export const bindStep: LogonStep = {
  name: 'bind',
  isDue: ({ purpose, user }) => purpose === 'login' && user?.mfaRequired === true && !user.hasMfa,
  show: async (visit) => page(visit, await offeredSecret(visit)),
  submit: async (visit, form) => {
    const secret = readSecret(visit);
    if (secret === undefined) return { outcome: 'proceed', state: visit.situation.state };
    const code = (form.get('code') ?? '').replace(/\s/g, '');
    return await bind(visit, secret, code);
  },
};

async function bind(visit: Visit, secret: string, code: string): Promise<StepOutcome> {
  const bound = { current: undefined as Awaited<ReturnType<typeof bindAuthenticator>> | undefined };
  const evaluate = async () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    bound.current = await bindAuthenticator(visit.deps, actorOf(visit), { secret, code, nowSeconds });
    return bound.current.outcome !== 'wrong';
  };
  const verdict = await trySecondFactor(visit, { factor: 'bind', evaluate });
  if (verdict === 'throttled') return { outcome: 'refused', page: page(visit, secret, tooManyTries), status: 429 };
  if (bound.current?.outcome === 'bound') {
    const { bindSecretSealed: _used, ...state } = visit.situation.state;
    const recoveryCodesSealed = seal(
      visit.deps.keyRing,
      JSON.stringify(bound.current.recoveryCodes),
      sealedInLogon(visit, 'recovery_codes'),
    );
    const user = { ...visitUser(visit), hasMfa: true };
    return { outcome: 'proceed', state: { ...state, secondFactor: 'totp', recoveryCodesSealed }, user };
  }
  if (bound.current?.outcome === 'void') {
    await auditFactorRefusal(visit, 'bind', 'void');
    return { outcome: 'proceed', state: {} };
  }
  const error = 'This code is not right. Check that the app shows this account, and try the next code.';
  return { outcome: 'refused', page: page(visit, secret, error), status: 401 };
}

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
  if (offered === undefined)
    throw new AppError(
      'MalformedRequest',
      'This step was answered already, perhaps in another tab. Please reload the page.',
    );
  return offered;
}

function page(visit: Visit, secret: string, error?: string): BindPage {
  const principal = principalOf(visit);
  return {
    name: 'logon/bind',
    action: visit.action,
    csrf: visit.csrf,
    principal,
    secret,
    otpauthUri: totpUri(secret, visit.hosted.currentAlias, principal),
    error,
  };
}
