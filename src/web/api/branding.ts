import { z } from 'zod';
import type { Branding } from '../../domain/accounts/branding/branding.ts';
import { deleteLogo, getBranding, setBranding, setLogo } from '../../domain/accounts/branding/branding-operations.ts';
import { logoHref } from '../views/page-brand.ts';
import { route, routeGroup } from './route.ts';

const brandingBody = z
  .object({
    displayName: z
      .string()
      .nullable()
      .meta({ description: 'Stands on the pages beside the alias.', examples: ['Acme Corporation'] }),
    color: z
      .string()
      .nullable()
      .meta({ description: 'Of buttons and links in the light scheme, `#rrggbb`.', examples: ['#0b6150'] }),
    logo: z
      .object({
        href: z.string().meta({ description: 'Where it is served, from the root of the server.' }),
        width: z.int().meta({ description: 'Pixels.', examples: [320] }),
        height: z.int().meta({ description: 'Pixels.', examples: [80] }),
      })
      .nullable(),
  })
  .meta({ id: 'Branding' });

const path = '/account/branding';
const answering = { answer: brandingBody, present: presentBranding } as const;

/** One pixel. */
const smallestPng = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4XmPgTgz4DwAC8wG8qOFVHAAAAABJRU5ErkJggg==';

export const brandingRoutes = routeGroup('Branding', 'How the pages of the account look: name, colour and logo.', [
  route(`GET ${path}`, getBranding, { ...answering, summary: 'Read the branding' }),
  route(`PATCH ${path}`, setBranding, {
    ...answering,
    summary: 'Change the branding',
    description:
      'What is not given stays, `null` takes away. A colour that cannot be read on white (a contrast below 4.5:1) is refused; for the dark ' +
      'scheme a lighter one is made of it.',
    body: 'changes',
    example: { body: { displayName: 'Acme Corporation', color: '#0b6150' } },
  }),
  route(`PUT ${path}/logo`, setLogo, {
    ...answering,
    summary: 'Set the logo',
    description:
      '`image` is a PNG of at most 256 KiB and 1024 × 1024 pixels, in base64. It is scaled down to fit 320 × 80 pixels and encoded anew: ' +
      'nothing but its picture is kept.',
    body: '',
    bodyLimit: 352 * 1024,
    example: { body: { image: smallestPng } },
  }),
  route(`DELETE ${path}/logo`, deleteLogo, { summary: 'Remove the logo', refuses: ['EntityNotExist.Logo'] }),
]);

function presentBranding({ displayName, color, logo }: Branding): z.infer<typeof brandingBody> {
  return {
    displayName: displayName ?? null,
    color: color ?? null,
    logo: logo === undefined ? null : { href: logoHref(logo), width: logo.width, height: logo.height },
  };
}
