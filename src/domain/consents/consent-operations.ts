import { z } from 'zod';
import { clientIdField } from '../applications/application-fields.ts';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userNameField } from '../users/user-fields.ts';
import { userResource } from '../users/user-resource.ts';
import { beginWithdrawal, type ConsentView, finishWithdrawal, listConsentsOf, withdraw } from './consent-changes.ts';
import type { ConsentReference } from './consents-store.ts';

const userInput = z.strictObject({ userName: userNameField });
const consentInput = userInput.extend({ clientId: clientIdField });

type UserInput = z.infer<typeof userInput>;

const resource = ({ userName }: UserInput, caller: Caller): string => userResource(userName, caller);

/** What a user has allowed which applications. Short, for an account has so many applications and no more. */
export const listConsents: Operation<UserInput, undefined, { items: readonly ConsentView[] }> = {
  name: 'ListConsents',
  action: 'ram:ListConsents',
  effect: 'read',
  input: userInput,
  resource,
  perform: (context, { userName }) => listConsentsOf(context, { userName }),
};

/** Ends what the application holds of the user at once, offline access too; it has to ask the user again. */
export const deleteConsent: Operation<z.infer<typeof consentInput>, ConsentReference, ConsentReference> = {
  name: 'DeleteConsent',
  action: 'ram:DeleteConsent',
  effect: 'change',
  input: consentInput,
  resource,
  auditDetails: ({ clientId }) => ({ clientId }),
  prepare: (context, { userName, clientId }) => beginWithdrawal(context, { userName }, clientId),
  perform: (context, _input, consent) => withdraw(context, consent),
  afterwards: (context, _input, consent) => finishWithdrawal(context, consent),
};
