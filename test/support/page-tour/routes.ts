import { firstLogon, lockedOut, logonForApp, passkeyLogon, stepUp, wrongTurns } from './logon-route.ts';
import type { Places } from './places.ts';
import { ownAccount, ownFactors, ownPasskeys, ownPassword } from './portal-route.ts';
import type { Tour } from './tour.ts';

/** Through pages that belong together, in a window of its own. */
type Route = (tour: Tour, places: Places) => Promise<void>;

/** Every way that a user can go. The last closes parts of the account. */
export const routes: Readonly<Record<string, Route>> = {
  'a new user and then an app': async (tour, places) => {
    await logonForApp(tour, places, await firstLogon(tour, places));
  },
  'a passkey from the first logon on': passkeyLogon,
  'asked for more than was shown': stepUp,
  'too many tries': lockedOut,
  'wrong turns, and the way back by a form': wrongTurns,
  'the own account': ownAccount,
  'own factors': ownFactors,
  'own passkeys': ownPasskeys,
  'the own password, and closed parts': ownPassword,
};
