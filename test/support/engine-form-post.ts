import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface FormPostContext {
  type: string;
  status: number;
  body: string;
  readonly response: { readonly get: (name: string) => string };
}

const engineFolder = join(createRequire(import.meta.url).resolve('oidc-provider'), '..');
const modulePath = join(engineFolder, 'response_modes/form_post.js');

// Imported by its path: the engine does not export it, and a copy of its page here would not notice a change in the next release.
const { default: engineFormPost } = (await import(pathToFileURL(modulePath).href)) as {
  default: (ctx: FormPostContext, action: string, inputs: Readonly<Record<string, string>>) => void;
};

/** The engine's own self-submitting page, made by the engine that is installed. */
export function formPost(action: string, inputs: Readonly<Record<string, string>>): string {
  const ctx: FormPostContext = { type: '', status: 200, body: '', response: { get: () => '' } };
  engineFormPost(ctx, action, inputs);
  return ctx.body;
}
