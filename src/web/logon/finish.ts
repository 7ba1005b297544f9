import { recordLogon } from './logon-audit.ts';
import type { LogonState } from './logon-state.ts';
import { type Visit, visitUser } from './visit.ts';

/** How the user authenticated: values of RFC 8176, and the level reached (product.md section 4). */
function authenticationOf({ secondFactor }: LogonState): { amr: string[]; acr: string } {
  return secondFactor === undefined
    ? { amr: ['pwd'], acr: 'urn:postern:acr:pwd' }
    : { amr: ['pwd', 'otp', 'mfa'], acr: 'urn:postern:acr:mfa' };
}

/** Completes the logon: the engine's answer for the authorization request, with the epoch that all it makes will carry. */
export async function finishLogon(visit: Visit): Promise<Record<string, unknown>> {
  const { state } = visit.situation;
  const { amr, acr } = authenticationOf(state);
  await recordLogon(visit, { amr, acr });
  return {
    login: {
      accountId: visitUser(visit).userId,
      amr,
      acr,
      ts: state.provedAt,
      remember: true,
      userEpoch: state.userEpoch,
    },
  };
}

/** Hands an answer to the engine. Answers the address where the browser goes on. */
export async function answerEngine({ interaction }: Visit, result: Record<string, unknown>): Promise<string> {
  interaction.result = { ...interaction.lastSubmission, ...result };
  await interaction.persist();
  return interaction.returnTo;
}
