import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const module = new URL('../../src/cli/quick-resolution.ts', import.meta.url).href;
const names = ['drizzle-orm', 'drizzle-orm/pg-core', 'drizzle-orm/pglite', 'drizzle-orm/postgres-js', 'zod'];

/** What a fresh process finds for each name, and what it finds there. */
async function resolved(prelude: string): Promise<unknown> {
  const script = `${prelude}
    const found = [];
    for (const name of ${JSON.stringify(names)})
      for (const time of [1, 2]) found.push([time, import.meta.resolve(name), Object.keys(await import(name)).sort()]);
    console.log(JSON.stringify(found));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout);
}

it('every name leads to the same module, with the same exports, as by itself', async () => {
  const [plain, quick] = await Promise.all([
    resolved(''),
    resolved(`(await import(${JSON.stringify(module)})).quickenDrizzleImports();`),
  ]);
  expect(quick).toEqual(plain);
});

it('what the package does not have is an error as before', async () => {
  const missing = `(await import(${JSON.stringify(module)})).quickenDrizzleImports(); await import('drizzle-orm/nowhere');`;
  await expect(promisify(execFile)(process.execPath, ['--input-type=module', '-e', missing])).rejects.toThrow(
    /ERR_PACKAGE_PATH_NOT_EXPORTED|not defined by "exports"/,
  );
});
