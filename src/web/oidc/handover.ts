import type { Context, Next } from 'koa';
import { isOwnPage, type PageDeps, sendPage } from '../views/send-page.ts';

/** The engine's self-submitting page, by which it answers `response_mode=form_post` and leads through a sign-out. */
const engineForm = /<form method="post" action="([^"]*)">/;
const engineField = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g;

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);

/** What a self-submitting page of the engine posts, and where; undefined for anything else. */
export function readEngineForm(
  html: string,
): { action: string; hiddenFields: { name: string; value: string }[] } | undefined {
  const action = engineForm.exec(html)?.[1];
  if (action === undefined || !html.includes('document.forms[0].submit()')) return undefined;
  const hiddenFields = [...html.matchAll(engineField)].map(([, name = '', value = '']) => ({
    name: unescaped(name),
    value: unescaped(value),
  }));
  return { action: unescaped(action), hiddenFields };
}

/** CSP sources of an app that is not on the web: on this machine, or behind a scheme of its own. */
function ownSources(protocol: string | undefined): string[] {
  if (protocol === undefined || protocol === 'https:') return [];
  return protocol === 'http:' ? ['http://localhost:*', 'http://127.0.0.1:*'] : [protocol];
}

/** Shows our own page where the engine would show its: no page of the server is the library's. */
export function replaceEngineForms(deps: PageDeps) {
  return async (ctx: Context, next: Next): Promise<void> => {
    await next();
    // What stands on a page of ours (the name of an app, say) can read like the engine's script.
    if (isOwnPage(ctx)) return;
    const form =
      typeof ctx.body === 'string' && ctx.response.is('html') !== false ? readEngineForm(ctx.body) : undefined;
    if (form === undefined) return;
    const formAction = ['https:', ...ownSources(URL.parse(form.action)?.protocol)];
    sendPage(ctx, deps, { name: 'engine/handover', ...form }, { status: ctx.status, formAction });
  };
}
