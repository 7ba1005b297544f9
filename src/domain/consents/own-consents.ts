import { z } from 'zod';
import { clientIdField } from '../applications/application-fields.ts';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { beginWithdrawal, type ConsentView, finishWithdrawal, listConsentsOf, withdraw } from './consent-changes.ts';
import type { ConsentReference } from './consents-store.ts';

const noInput = z.strictObject({});
const consentInput = z.strictObject({ clientId: clientIdField });

/** Everybody may take back what they have given, unless a policy forbids it. */
const own = {
  selfService: true,
  resource: (_input: unknown, caller: Caller): string => userResource(caller.userName, caller),
} as const;

export const listOwnConsents: Operation<z.infer<typeof noInput>, undefined, { items: readonly ConsentView[] }> = {
  name: 'ListOwnConsents',
  action: 'ram:ListConsents',
  effect: 'read',
  input: noInput,
  ...own,
  perform: (context) => listConsentsOf(context, { userId: context.caller.userId }),
};

/** Ends what the application holds of the caller at once, offline access too; it has to ask again. */
export const deleteOwnConsent: Operation<z.infer<typeof consentInput>, ConsentReference, ConsentReference> = {
  name: 'DeleteOwnConsent',
  action: 'ram:DeleteConsent',
  effect: 'change',
  input: consentInput,
  ...own,
  auditDetails: ({ clientId }) => ({ clientId }),
  prepare: (context, { clientId }) => beginWithdrawal(context, { userId: context.caller.userId }, clientId),
  perform: (context, _input, consent) => withdraw(context, consent),
  afterwards: (context, _input, consent) => finishWithdrawal(context, consent),
};
