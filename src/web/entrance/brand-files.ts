import type { Context, Middleware, Next } from 'koa';
import { findLogoImage } from '../../domain/accounts/branding/logos-store.ts';
import type { Database } from '../../storage/db/database.ts';
import { logoPath, themePath } from '../views/page-brand.ts';
import { themeStyles } from '../views/theme-styles.ts';

interface BrandFile {
  readonly mediaType: string;
  readonly body: string | Buffer;
}

/** Colours and logos of accounts. Each is named by its content, so it is the same forever. */
export function serveBrandFiles({ db }: { readonly db: Database }): Middleware {
  return async (ctx: Context, next: Next) => {
    const file = isRead(ctx) ? await findBrandFile(db, ctx.path) : undefined;
    if (file === undefined) {
      await next();
      return;
    }
    ctx.set({
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    });
    ctx.type = file.mediaType;
    ctx.body = file.body;
  };
}

const isRead = ({ method }: Context): boolean => method === 'GET' || method === 'HEAD';

async function findBrandFile(db: Database, path: string): Promise<BrandFile | undefined> {
  const colour = themePath.exec(path)?.[1];
  if (colour !== undefined) return { mediaType: 'text/css; charset=utf-8', body: themeStyles(`#${colour}`) };
  const logoId = logoPath.exec(path)?.[1];
  const image = logoId === undefined ? undefined : await findLogoImage(db, logoId);
  return image === undefined ? undefined : { mediaType: 'image/png', body: image };
}
