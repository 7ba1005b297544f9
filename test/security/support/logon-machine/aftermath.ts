import { decodeJwt } from 'jose';
import { redeemCode, userinfoStatus } from '../code-flow.ts';
import { accountOf, type IntentOf, type Moving, pick } from './hands.ts';
import { holdingsOf, type Walk } from './machine.ts';
import type { Observation, TokenClaims } from './trace.ts';

export async function redeem({ walk }: Moving, { which, isElsewhere }: IntentOf<'redeem'>): Promise<Observation[]> {
  const issued = pick(walk.codes, which);
  return issued === undefined ? [] : [await redeemOne(walk, issued, isElsewhere)];
}

async function redeemOne(
  walk: Walk,
  { code, request }: Walk['codes'][number],
  isElsewhere = false,
): Promise<Observation> {
  const origin = walk.verifiers.get(request);
  if (origin === undefined) throw new Error('a code came for a request that nobody made');
  const at: 0 | 1 = isElsewhere ? (origin.account === 0 ? 1 : 0) : origin.account;
  const { issuer, alias } = accountOf(walk, at).account;
  const { status, body } = await redeemCode(issuer, origin.app, { code, verifier: origin.verifier });
  const { access_token: token = '', id_token: idToken } = body as Record<string, string>;
  if (status !== 200 || idToken === undefined) return { kind: 'redeemed', alias, code, status, claims: undefined };
  walk.tokens.push({ token, account: at });
  return { kind: 'redeemed', alias, code, status, token, claims: decodeJwt<TokenClaims>(idToken) as TokenClaims };
}

export async function useToken({ walk }: Moving, { which }: IntentOf<'use token'>): Promise<Observation[]> {
  const known = pick(walk.tokens, which);
  if (known === undefined) return [];
  const status = await userinfoStatus(accountOf(walk, known.account).account.issuer, known.token);
  return [{ kind: 'used', token: known.token, status }];
}

const profileChanges = {
  disable: { status: 'inactive' },
  enable: { status: 'active' },
  'force reset': { resetRequired: true },
  'require MFA': { mfaRequired: true },
} as const;

export async function administer(
  { walk, ledger }: Moving,
  { user: which, act }: IntentOf<'administer'>,
): Promise<Observation[]> {
  const user = ledger.users.get(pick(walk.people, which) ?? '');
  const owner = walk.machine.accounts.find(({ account }) => account.alias === user?.alias);
  if (user === undefined || owner === undefined) return [];
  const path = `/users/${user.userName}`;
  const { status } =
    act === 'delete MFA devices'
      ? await owner.account.api(`DELETE ${path}/mfa-devices`)
      : await owner.account.api(`PUT ${path}/login-profile`, profileChanges[act]);
  return [{ kind: 'administered', userId: user.userId, act, status }];
}

/** What the database says after a move. */
export const count = async ({ machine, people }: Walk): Promise<Observation> => ({
  kind: 'counted',
  holdings: await holdingsOf(machine, people),
});

/** The end of a walk: every code is tried twice at once, and every token once more. */
export async function settle(walk: Walk): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (const issued of walk.codes) {
    const both = await Promise.all([redeemOne(walk, issued), redeemOne(walk, issued)]);
    seen.push(...both);
  }
  for (const { token, account } of walk.tokens)
    seen.push({ kind: 'used', token, status: await userinfoStatus(accountOf(walk, account).account.issuer, token) });
  return seen;
}
