import type { Proof } from '../../domain/mfa/own-proof.ts';
import type { MfaDeviceRow } from '../../domain/mfa/mfa-store.ts';
import { type WayToProve, waysToProve } from '../../domain/mfa/ways-to-prove.ts';
import { assertionOptions } from '../../domain/mfa/webauthn/assertion.ts';
import type { Form } from '../http/form-body.ts';
import type { ProofForm } from '../views/pages/portal-pages.ts';
import type { Wording } from '../views/translate.ts';
import { addressOf, boundToSession, type PortalVisit, queryValue } from './visit.ts';

const labels: Readonly<Record<WayToProve, Wording>> = {
  passkey: 'portal.proof.by-passkey',
  code: 'portal.proof.by-code',
  password: 'portal.proof.by-password',
};

/** The page that asks for a proof, and what stands in its query beside the way. */
interface ProofPlace {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * Asks for a proof in the way that the query names (`by`), else the strongest there is; links lead to the others. Undefined where this user
 * has no way.
 */
export function proofForm(
  visit: PortalVisit,
  devices: readonly MfaDeviceRow[],
  { path, query = {} }: ProofPlace,
): ProofForm | undefined {
  const ways = waysToProve(visit.caller, devices);
  const wanted = queryValue(visit, 'by');
  const method = ways.find((way) => way === wanted) ?? ways[0];
  if (method === undefined) return undefined;
  const others = ways.filter((way) => way !== method);
  return {
    method,
    passkeyOptions: method === 'passkey' ? passkeyOptions(visit, devices) : undefined,
    others: others.map((way) => ({
      label: labels[way],
      href: `${addressOf(visit, path)}?${new URLSearchParams({ ...query, by: way }).toString()}`,
    })),
  };
}

/** Where a form with a proof posts to: a refused one is shown again with the same way. */
export const proofAction = (visit: PortalVisit, path: string, proof: ProofForm | undefined): string =>
  proof === undefined ? addressOf(visit, path) : `${addressOf(visit, path)}?by=${proof.method}`;

const passkeyOptions = (visit: PortalVisit, devices: readonly MfaDeviceRow[]): string =>
  JSON.stringify(
    assertionOptions(visit.deps, { ceremony: 'confirm', boundTo: boundToSession(visit), devices: [...devices] }),
  );

/** The proof that a form brings, if any. */
export function proofIn(visit: PortalVisit, form: Form): Proof {
  const [password, code, response] = ['password', 'code', 'passkey_response'].map((name) => form.get(name) ?? '');
  return {
    ...(password ? { password } : {}),
    ...(code ? { code: code.replace(/\s/g, '') } : {}),
    ...(response ? { passkey: { response, boundTo: boundToSession(visit) } } : {}),
  };
}
