import { insertAuditEvent } from '../../domain/audit/audit-store.ts';
import { actorEvent } from '../../domain/logon/logon-event.ts';
import { insertLogon } from '../../domain/logon/logon-store.ts';
import { type Visit, visitUser } from './visit.ts';

const eventOf = (visit: Visit) => actorEvent({ user: visitUser(visit), ...visit.info }, 'logon');

/** Of tries that are throttled the caller tells the first of a window, lest the log be flooded. */
export async function auditFactorRefusal(
  visit: Visit,
  factor: 'totp' | 'recovery' | 'bind' | 'reset',
  reason: 'wrong' | 'throttled' | 'void',
): Promise<void> {
  await insertAuditEvent(visit.deps.db, { ...eventOf(visit), outcome: 'refused', details: { factor, reason } });
}

/** Notes a completed logon: in the audit log, and on the user. */
export async function recordLogon(
  visit: Visit,
  details: { readonly amr: readonly string[]; readonly acr: string },
): Promise<void> {
  const app = visit.app.client.clientId;
  await insertLogon(visit.deps.db, visitUser(visit).userId, {
    ...eventOf(visit),
    outcome: 'success',
    details: { ...details, app },
  });
}

/** Notes what a user answered when an app asked for access. */
export async function recordConsent(
  visit: Visit,
  answer: { readonly given: false } | { readonly given: true; readonly scopes: readonly string[] },
): Promise<void> {
  const { given, ...details } = answer;
  await insertAuditEvent(visit.deps.db, {
    ...actorEvent({ user: visitUser(visit), ...visit.info }, 'consent'),
    outcome: given ? 'success' : 'refused',
    details: { ...details, app: visit.app.client.clientId },
  });
}
