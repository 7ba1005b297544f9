import { z } from 'zod';
import {
  listSigningKeys,
  retireSigningKey,
  rotateSigningKey,
} from '../../domain/signing-keys/signing-key-operations.ts';
import type { SigningKeyView } from '../../domain/signing-keys/signing-key-view.ts';
import { instant, listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const signingKeyBody = z
  .object({
    kid: z.string().meta({ examples: ['sig_3k9xq2m7w4c8v1n6b5z0'] }),
    alg: z.enum(['ES256', 'RS256']),
    status: z.enum(['next', 'current', 'previous', 'retired']).meta({
      description:
        '`next`: published, signs from `signsFrom` on. `current`: signs. `previous`: verifies what it signed. `retired`: verifies nothing.',
    }),
    createdAt: instant,
    signsFrom: instant,
    retiredAt: instant.nullable(),
  })
  .meta({ id: 'SigningKey' });

const path = '/account/signing-keys';

export const signingKeyRoutes = routeGroup(
  'Signing keys',
  "What the account's ID tokens and logout tokens are signed with.",
  [
    route(`GET ${path}`, listSigningKeys, {
      summary: 'List the signing keys',
      answer: listOf(signingKeyBody),
      present: ({ items }) => ({ items: items.map(presentSigningKey) }),
    }),
    route(`POST ${path}`, rotateSigningKey, {
      summary: 'Rotate a signing key',
      description:
        'The new key is published at once and signs after an hour, when everybody can know it. The one that signs until then verifies until it is retired.',
      body: '',
      answer: signingKeyBody,
      present: presentSigningKey,
      locate: ({ kid }) => kid,
      refuses: ['LimitExceeded.SigningKey'],
      example: { body: { alg: 'ES256' } },
    }),
    route(`DELETE ${path}/:kid`, retireSigningKey, {
      summary: 'Retire a signing key',
      description:
        'It verifies nothing any more from this moment. The only key that may sign with its algorithm stays.',
      refuses: ['EntityNotExist.SigningKey', 'DeleteConflict.SigningKey'],
    }),
  ],
);

function presentSigningKey(key: SigningKeyView): z.infer<typeof signingKeyBody> {
  return {
    kid: key.kid,
    alg: key.alg,
    status: key.status,
    createdAt: key.createdAt,
    signsFrom: key.signsFrom,
    retiredAt: key.retiredAt,
  };
}
