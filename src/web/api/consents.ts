import { z } from 'zod';
import type { ConsentView } from '../../domain/consents/consent-changes.ts';
import { deleteConsent, listConsents } from '../../domain/consents/consent-operations.ts';
import { deleteOwnConsent, listOwnConsents } from '../../domain/consents/own-consents.ts';
import { instant, listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const consentBody = z
  .object({
    clientId: z.string().meta({ examples: ['app_3k9xq2m7w4c8v1n6b5z0'] }),
    displayName: z.string().meta({ examples: ['Field Reports'] }),
    scopes: z.array(z.string()).meta({ description: 'OpenID Connect scopes.', examples: [['openid', 'profile']] }),
    createdAt: instant,
    updatedAt: instant.meta({ description: 'When something was added last.' }),
  })
  .meta({ id: 'Consent' });

const path = '/users/:userName/consents';
const ownPath = '/me/consents';

const ending =
  'Ends everything that the application holds of the user at once, offline access too, and it has to ask the user again.';

export const consentRoutes = routeGroup('Consents', 'What users have allowed applications that ask for consent.', [
  route(`GET ${path}`, listConsents, {
    summary: 'List the consents of a user',
    answer: listOf(consentBody),
    present: ({ items }) => ({ items: items.map(presentConsent) }),
    refuses: ['EntityNotExist.User'],
  }),
  route(`DELETE ${path}/:clientId`, deleteConsent, {
    summary: 'Withdraw a consent of a user',
    description: ending,
    refuses: ['EntityNotExist.User', 'EntityNotExist.User.Consent'],
  }),
]);

export const ownConsentRoutes = routeGroup('Own consents', 'What the caller has allowed applications.', [
  route(`GET ${ownPath}`, listOwnConsents, {
    summary: "List the caller's consents",
    answer: listOf(consentBody),
    present: ({ items }) => ({ items: items.map(presentConsent) }),
  }),
  route(`DELETE ${ownPath}/:clientId`, deleteOwnConsent, {
    summary: "Withdraw one of the caller's consents",
    description: ending,
    refuses: ['EntityNotExist.User.Consent'],
  }),
]);

function presentConsent(consent: ConsentView): z.infer<typeof consentBody> {
  return {
    clientId: consent.clientId,
    displayName: consent.displayName,
    scopes: [...consent.scopes],
    createdAt: consent.createdAt,
    updatedAt: consent.updatedAt,
  };
}
