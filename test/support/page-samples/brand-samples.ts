import { encode } from 'fast-png';
import type { PageBrand } from '../../../src/web/views/page-brand.ts';
import { longAlias, longName } from './sample-parts.ts';

/** As large as logos are kept. */
export const sampleLogo = Buffer.from(
  encode({ width: 320, height: 80, channels: 4, data: new Uint8Array(320 * 80 * 4).fill(120) }),
);

const logo = { href: `/-/logos/${'a'.repeat(43)}.png`, width: 320, height: 80 };

/** How accounts brand their pages. */
export const brandSamples = {
  none: { alias: 'acme' },
  whole: { alias: 'acme', displayName: 'Acme Corporation', themeHref: '/-/themes/7a1fa2.css', logo },
  /** The lightest colour that is taken, and the longest names. */
  extreme: {
    alias: longAlias,
    displayName: `${longName.slice(0, 40)} شركة المدى`,
    themeHref: '/-/themes/767676.css',
    logo,
  },
} as const satisfies Record<string, PageBrand>;
