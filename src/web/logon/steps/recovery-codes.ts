import { open } from '../../../crypto/envelope.ts';
import { type LogonStep, principalOf, sealedInLogon } from '../visit.ts';

/** Recovery codes, shown until the user says that they have them; nobody sees them again. */
export const recoveryCodesStep: LogonStep = {
  name: 'recovery-codes',
  isDue: ({ state }) => state.recoveryCodesSealed !== undefined,
  show: (visit) => {
    const sealed = visit.situation.state.recoveryCodesSealed ?? '';
    const codes = JSON.parse(open(visit.deps.keyRing, sealed, sealedInLogon(visit, 'recovery_codes'))) as string[];
    return {
      name: 'logon/recovery-codes',
      action: visit.action,
      csrf: visit.csrf,
      principal: principalOf(visit),
      codes,
    };
  },
  submit: (visit) => {
    const { recoveryCodesSealed: _seen, ...state } = visit.situation.state;
    return Promise.resolve({ outcome: 'proceed', state });
  },
};
