import type { Context } from 'koa';

/** Leads the browser on with 303: a form is never posted twice, and the answer is nobody's to keep. */
export function seeOther(ctx: Context, address: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(address);
  ctx.status = 303;
}
