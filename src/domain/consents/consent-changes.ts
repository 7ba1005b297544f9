import { AppError } from '../app-error.ts';
import type { OperationContext } from '../operation.ts';
import type { UserSelector } from '../users/user-fields.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { findUser } from '../users/users-store.ts';
import { endConsentedGrants } from './consented-grants.ts';
import { type ConsentReference, deleteConsent, listConsents } from './consents-store.ts';

/** A consent as users and administrators see it. */
export interface ConsentView {
  readonly clientId: string;
  readonly displayName: string;
  /** OIDC scopes. */
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  /** When something was added last. */
  readonly updatedAt: Date;
}

export async function listConsentsOf(
  { db, caller }: OperationContext,
  selector: UserSelector,
): Promise<{ items: readonly ConsentView[] }> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  const rows = await listConsents(db, user);
  return { items: rows.map(({ granted, ...consent }) => ({ ...consent, scopes: granted.scopes })) };
}

/**
 * Begins a withdrawal: what the application holds ends before the consent does. Were this done only after it, a process that dies in between
 * would leave the application its tokens and the user nothing to withdraw. Throws `EntityNotExist.User`.
 */
export async function beginWithdrawal(
  { db, ephemeral, caller }: OperationContext,
  selector: UserSelector,
  clientId: string,
): Promise<ConsentReference> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  const consent = { accountId: user.accountId, userId: user.userId, clientId };
  await endConsentedGrants(ephemeral, consent);
  return consent;
}

/** Throws `EntityNotExist.User.Consent`. */
export async function withdraw({ db }: OperationContext, consent: ConsentReference): Promise<ConsentReference> {
  if (!(await deleteConsent(db, consent)))
    throw new AppError('EntityNotExist.User.Consent', 'This application has no consent of the user.');
  return consent;
}

/** Ends what was granted while the consent was still there. Nothing is granted on it any more. */
export const finishWithdrawal = ({ ephemeral }: OperationContext, consent: ConsentReference): Promise<void> =>
  endConsentedGrants(ephemeral, consent);
