import { registerHooks } from 'node:module';

/**
 * drizzle-orm's package.json is 180 kB long, and Node reads it through for every file of the package and every import of it: half a second at
 * each start. Its files are ES modules throughout, and a name of it always means the same file, so neither needs asking again.
 */
export function quickenDrizzleImports(): void {
  const known = new Map<string, { readonly url: string; readonly format?: string | null | undefined }>();
  registerHooks({
    resolve: (specifier, context, resolveNext) => {
      const { parentURL = '' } = context;
      if (specifier.startsWith('.') && ownFile.test(parentURL))
        return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
      if (!ownName.test(specifier)) return resolveNext(specifier, context);
      const found = known.get(specifier) ?? resolveNext(specifier, context);
      known.set(specifier, found);
      return { ...found, shortCircuit: true };
    },
  });
}

const ownFile = /\/node_modules\/drizzle-orm\/(?:[^/]+\/)*[^/]+\.js$/;
const ownName = /^drizzle-orm(?:\/|$)/;
