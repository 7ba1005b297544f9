import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { portalClientId } from '../oidc/artefact-store.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { readSection, type SectionName, sectionAddress } from './sections.ts';

const longestHint = 128;

/**
 * Where somebody signs in who wants this part of the portal. The portal signs in like any app, through the issuer, so that there is one logon and
 * one session. The code that comes back is never redeemed: its challenge is a random value to which nobody has the verifier. What was
 * wanted comes back by its name, never as an address.
 */
export function logonAddress({ issuer }: HostedIssuer, wanted: SectionName, username?: string | string[]): string {
  const parameters = new URLSearchParams({
    client_id: portalClientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}/portal/callback`,
    state: wanted,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
    ...(typeof username === 'string' && username !== '' ? { login_hint: username.slice(0, longestHint) } : {}),
  });
  return `${issuer}/oauth2/authorize?${parameters.toString()}`;
}

/** Where the browser goes on when it comes back from there. */
export const addressAfterLogon = ({ query }: Context, hosted: HostedIssuer): string =>
  sectionAddress(hosted, readSection(query['state']) ?? 'overview');
