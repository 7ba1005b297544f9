import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { pageHeaders } from '../http/page-headers.ts';
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
}

/** Answers with a page, under the headers that every page has. */
export function sendPage(
  ctx: Context,
  { renderer, https }: PageDeps,
  page: Page,
  { status = 200, formAction = [], connects = false }: PageAnswer = {},
): void {
  const nonce = randomBytes(16).toString('base64');
  ctx.status = status;
  ctx.set(pageHeaders({ nonce, formAction: ["'self'", ...formAction], https, connects }));
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = renderer.render(page, { nonce, lang: 'en' });
}
