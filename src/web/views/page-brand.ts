import type { Context } from 'koa';
import type { Branding } from '../../domain/accounts/branding/branding.ts';
import type { Colour } from '../../domain/accounts/branding/colours.ts';

/** Whose page it is. The alias is always shown: a name alone could be anybody's. */
export interface PageBrand {
  readonly alias: string;
  readonly displayName?: string | undefined;
  readonly themeHref?: string | undefined;
  readonly logo?: { readonly href: string; readonly width: number; readonly height: number } | undefined;
}

export const themePath = /^\/-\/themes\/([0-9a-f]{6})\.css$/;
export const logoPath = /^\/-\/logos\/([A-Za-z0-9_-]{43})\.png$/;

const themeHref = (color: Colour): string => `/-/themes/${color.slice(1)}.css`;

/** Good forever: another image has another address. */
export const logoHref = ({ logoId }: { readonly logoId: string }): string => `/-/logos/${logoId}.png`;

export const pageBrand = (alias: string, { displayName, color, logo }: Branding): PageBrand => ({
  alias,
  displayName,
  themeHref: color === undefined ? undefined : themeHref(color),
  logo: logo === undefined ? undefined : { href: logoHref(logo), width: logo.width, height: logo.height },
});

interface BrandedState {
  brand?: PageBrand;
}

/** From here on every page that answers this request is the account's, errors included. */
export function brandPages(ctx: Pick<Context, 'state'>, brand: PageBrand): void {
  (ctx.state as BrandedState).brand = brand;
}

/** Undefined on pages that belong to no account. */
export const brandOf = ({ state }: Pick<Context, 'state'>): PageBrand | undefined => (state as BrandedState).brand;
