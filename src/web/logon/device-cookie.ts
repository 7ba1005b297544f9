import { newToken } from '../../crypto/tokens.ts';
import {
  type DeviceOfBrowser,
  findDevicesOfBrowser,
  knownDeviceDays,
} from '../../domain/devices/known-devices-store.ts';
import * as token from '../oidc/device-token.ts';
import type { Visit } from './visit.ts';

type DeviceVisit = Pick<Visit, 'ctx' | 'deps' | 'hosted'>;

const placeOf = ({ deps, hosted }: DeviceVisit) => ({ issuerName: hosted.issuerName, https: deps.https });

/** By what the browser is looked up among the devices that a user is known on. */
export const deviceTokenHashes = (visit: DeviceVisit): readonly string[] =>
  token.deviceTokenHashes(visit.ctx.req, placeOf(visit));

/** Who is known by the tokens that the browser brings. */
export const devicesOfBrowser = (visit: DeviceVisit): Promise<readonly DeviceOfBrowser[]> =>
  findDevicesOfBrowser(visit.deps.db, deviceTokenHashes(visit));

/** Whose logon is complete. `fresh`: the device is to stand in for a second factor, which must not go to whoever copied the old token. */
interface TokenWish {
  readonly userId: string;
  /** Who is known in the browser, as of now. */
  readonly known: readonly DeviceOfBrowser[];
  readonly fresh: boolean;
}

/** Hashes of the token that the user is known by in this browser from now on, and of those that they were known by there. */
interface GivenDeviceToken {
  readonly tokenHash: string;
  readonly formerTokenHashes: readonly string[];
}

/**
 * Gives the browser a token of this user's own for as long as devices are remembered, the one it has where it has one. A token that is not theirs
 * already is never taken over: whoever used the browser before, or planted the cookie, knows it.
 */
export function giveDeviceToken(visit: DeviceVisit, wish: TokenWish): GivenDeviceToken {
  const place = placeOf(visit);
  const presented = token.readDeviceTokens(visit.ctx.req, place.https).map((rawToken) => ({
    rawToken,
    tokenHash: token.hashDeviceToken(place, rawToken),
  }));
  const { given, others, formerTokenHashes } = tokensAfterLogon(presented, wish);
  setDeviceCookie(visit, [given, ...others].slice(0, token.tokensPerBrowser));
  return { tokenHash: token.hashDeviceToken(place, given), formerTokenHashes };
}

interface PresentedToken {
  readonly rawToken: string;
  readonly tokenHash: string;
}

/** The user's own token, and those that others are still known by. What nobody is known by is dropped. */
function tokensAfterLogon(presented: readonly PresentedToken[], { userId, known, fresh }: TokenWish) {
  const own = known.filter((device) => device.userId === userId).map(({ tokenHash }) => tokenHash);
  const ofOthers = known.filter((device) => device.userId !== userId).map(({ tokenHash }) => tokenHash);
  const kept = fresh ? undefined : presented.find((one) => own.slice(0, 1).includes(one.tokenHash));
  return {
    given: kept?.rawToken ?? newToken(),
    others: presented.filter((one) => one !== kept && ofOthers.includes(one.tokenHash)).map(({ rawToken }) => rawToken),
    formerTokenHashes: kept === undefined ? own : own.slice(1),
  };
}

function setDeviceCookie(visit: DeviceVisit, rawTokens: readonly string[]): void {
  const { issuerName, https } = placeOf(visit);
  visit.ctx.cookies.set(token.deviceCookieName(https), rawTokens.join('.'), {
    path: `/${issuerName}`,
    httpOnly: true,
    sameSite: 'lax',
    secure: https,
    maxAge: knownDeviceDays * 86_400_000,
    overwrite: true,
    signed: false,
  });
}
