import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { pageHeaders } from '../http/page-headers.ts';
import type { Language } from './languages.ts';
import { brandOf } from './page-brand.ts';
import { type LanguageWish, pageLanguage } from './page-language.ts';
import type { Page, PageRenderer } from './pages.ts';

/** What it takes to answer with a page. */
export interface PageDeps {
  readonly renderer: PageRenderer;
  readonly https: boolean;
}

interface PageAnswer {
  readonly status?: number;
  /** CSP sources besides our own origin that the page's forms may lead to. */
  readonly formAction?: readonly string[];
  /** The page's own scripts may call our own origin. */
  readonly connects?: boolean;
  /** What an app asked for; undefined where none is in play. */
  readonly wish?: LanguageWish | undefined;
  /** The one that the page is written in, where it is not translated. */
  readonly language?: Language | undefined;
  /** Where the page can be asked for in another language: the address of the request unless told. */
  readonly here?: string | undefined;
}

/** Answers with a page, under the headers that every page has. */
export function sendPage(
  ctx: Context,
  { renderer, https }: PageDeps,
  page: Page,
  { status = 200, formAction = [], connects = false, wish, here = ctx.originalUrl, ...answer }: PageAnswer = {},
): void {
  const nonce = randomBytes(16).toString('base64');
  ctx.status = status;
  ctx.set(pageHeaders({ nonce, formAction: ["'self'", ...formAction], https, connects }));
  ctx.type = 'text/html; charset=utf-8';
  const language = answer.language ?? pageLanguage(ctx, https, wish);
  ctx.set('Content-Language', language);
  (ctx.state as { ownPage?: boolean }).ownPage = true;
  ctx.body = renderer.render(page, { nonce, language, here, brand: brandOf(ctx) });
}

/** Whether an answer was made by `sendPage`, and not by a library. */
export const isOwnPage = (ctx: Context): boolean => (ctx.state as { ownPage?: boolean }).ownPage === true;
