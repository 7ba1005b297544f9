import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

/**
 * A check that looks at nothing is green as well. So each tool of `npm run check` is shown a tree with one breach a file and
 * must name exactly these, and must be seen to read the whole of the real tree.
 */
const root = join(import.meta.dirname, '../..');

type Tree = Readonly<Record<string, string>>;

/** Writes a project of its own outside the sources, under this project's very configuration. */
function seedTree(tree: Tree): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-house-'));
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs', '.oxlintrc.json']) {
    cpSync(join(root, name), join(directory, name));
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const [file, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  return directory;
}

/** What the tool printed, whatever its exit code: a breach found is a failure to the shell and the goal here. */
function output(script: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 2 ** 28, encoding: 'utf8' as const };
    execFile(process.execPath, [join(root, 'node_modules', script), ...args], options, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`${script} printed no JSON: ${stdout}${stderr}`, { cause: error }));
    });
  });
}

const cruiseResult = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(
        z.object({ module: z.string(), resolved: z.string(), dependencyTypes: z.array(z.string()) }),
      ),
    }),
  ),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

async function cruise(directory: string): Promise<z.infer<typeof cruiseResult>> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', '.'];
  return cruiseResult.parse(JSON.parse(await output('dependency-cruiser/bin/dependency-cruise.mjs', args, directory)));
}

const lintResult = z.object({ diagnostics: z.array(z.object({ filename: z.string(), code: z.string() })) });

async function lint(directory: string): Promise<z.infer<typeof lintResult>['diagnostics']> {
  return lintResult.parse(JSON.parse(await output('oxlint/bin/oxlint', ['--format', 'json'], directory))).diagnostics;
}

/** Each breach stands in a file of its own; `+` marks the imports that the rule allows and must not name. */
const imports: ReadonlyArray<readonly [file: string, imported: string, rule: string]> = [
  ['src/domain/back-to-web.ts', '../web/logon/target.ts', 'layer-domain'],
  ['src/domain/back-to-config.ts', '../config/target.ts', 'layer-domain'],
  ['src/domain/with-koa.ts', 'koa', 'http-only-in-web'],
  ['src/domain/with-router.ts', '@koa/router', 'http-only-in-web'],
  ['src/domain/with-eta.ts', 'eta', 'http-only-in-web'],
  ['src/domain/with-engine.ts', 'oidc-provider', 'http-only-in-web'],
  ['src/domain/with-redis.ts', 'ioredis', 'driver-packages-only-in-storage'],
  ['src/domain/with-pglite.ts', '@electric-sql/pglite', 'driver-packages-only-in-storage'],
  ['src/domain/with-driver.ts', '../storage/db/postgres.ts', 'drivers-only-in-compose'],
  ['src/domain/with-sql-driver.ts', '../storage/ephemeral/sql.ts', 'drivers-only-in-compose'],
  ['src/web/api/with-driver.ts', '../../storage/ephemeral/redis.ts', 'drivers-only-in-compose'],
  ['src/web/api/with-table.ts', '../../storage/db/schema/target.ts', 'queries-live-in-domain'],
  ['src/web/api/with-query.ts', 'drizzle-orm', 'queries-live-in-domain'],
  ['src/web/api/back-to-compose.ts', '../../compose.ts', 'layer-web'],
  ['src/web/oidc/sideways.ts', '../logon/target.ts', 'no-sideways-between-surfaces'],
  ['src/web/logon/sideways.ts', '../portal/target.ts', 'no-sideways-between-pages'],
  ['src/web/console/sideways.ts', '../portal/target.ts', 'no-sideways-between-pages'],
  ['src/web/api/onto-hosting.ts', '../oidc/target.ts', 'no-sideways-between-surfaces'],
  ['src/web/rpc/steps/sideways.ts', '../../api/target.ts', 'no-sideways-between-surfaces'],
  ['src/web/http/up.ts', '../logon/target.ts', 'kit-knows-no-surface'],
  ['src/web/views/up.ts', '../portal/target.ts', 'kit-knows-no-surface'],
  ['src/web/http/with-rule.ts', '../../domain/target.ts', 'kit-has-no-product-knowledge'],
  ['src/storage/up.ts', '../domain/target.ts', 'layer-storage'],
  ['src/storage/sideways.ts', '../crypto/target.ts', 'layer-storage'],
  ['src/crypto/sideways.ts', '../storage/target.ts', 'layer-crypto'],
  ['src/config/up.ts', '../web/http/target.ts', 'layer-config'],
  ['src/cli/back-to-main.ts', '../main.ts', 'layer-cli'],
  ['test/starts-main.test.ts', '../src/main.ts', 'nobody-imports-main'],
  ['src/domain/with-test.ts', '../../test/target.ts', 'sources-stand-alone'],
  ['src/domain/with-tool.ts', 'fast-check', 'no-dev-dependency-in-src'],
  ['src/domain/with-drawer.ts', './utils/target.ts', 'no-drawer'],
  ['src/domain/with-barrel.ts', './users/index.ts', 'no-barrel'],
  ['src/domain/with-nothing.ts', './absent.ts', 'no-unresolved'],
  ['examples/sign-in-app/inside.ts', '../../src/domain/target.ts', 'examples-stand-outside'],
  ['src/main.ts', './compose.ts', '+'],
  ['src/cli/serve.ts', '../compose.ts', '+'],
  ['src/cli/recover.ts', '../storage/db/postgres.ts', '+'],
  ['src/compose.ts', './storage/ephemeral/redis.ts', '+'],
  ['src/web/portal/pages.ts', '../views/target.ts', '+'],
  ['src/web/portal/routes.ts', './pages.ts', '+'],
  ['src/web/portal/acts.ts', '../../domain/target.ts', '+'],
  ['src/web/oidc/artefacts.ts', '../../storage/ephemeral/target.ts', '+'],
  ['src/web/http/refusals.ts', '../../domain/app-error.ts', '+'],
  ['src/domain/store.ts', '../storage/db/schema/target.ts', '+'],
  ['src/domain/seal.ts', '../crypto/target.ts', '+'],
  ['src/storage/ephemeral/redis.ts', 'ioredis', '+'],
  ['test/driver.test.ts', '../src/storage/db/pglite.ts', '+'],
];

const target = "import 'node:util';\nexport type Target = 1;\n";

/** Every relative import leads to a file: one from the table or a plain target. */
function importTree(): Tree {
  const tree: Record<string, string> = {};
  for (const [file, imported, rule] of imports) {
    if (imported.startsWith('.') && rule !== 'no-unresolved') tree[join(dirname(file), imported)] ??= target;
  }
  // Half of them as types, for a type ties two layers together as well as a value does.
  for (const [index, [file, imported, rule]] of imports.entries()) {
    const typeOnly = index % 2 === 0 && rule !== 'no-dev-dependency-in-src';
    tree[file] = `import ${typeOnly ? 'type ' : ''}* as found from '${imported}';\nexport { found };\n`;
  }
  tree['src/domain/cycle-a.ts'] = "import type { B } from './cycle-b.ts';\nexport type A = B;\n";
  tree['src/domain/cycle-b.ts'] = "import type { A } from './cycle-a.ts';\nexport type B = A;\n";
  tree['src/domain/lonely.ts'] = 'export const lonely = 1;\n';
  return tree;
}

describe('the folder rule', () => {
  let seeded = '';
  beforeAll(() => {
    seeded = seedTree(importTree());
  });
  afterAll(() => rmSync(seeded, { recursive: true, force: true }));

  it('names every seeded breach and no allowed import', async () => {
    const { violations } = (await cruise(seeded)).summary;
    const found = violations.map(({ from, rule }) => `${from} ${rule.name}`);
    const expected = imports.filter(([, , rule]) => rule !== '+').map(([file, , rule]) => `${file} ${rule}`);
    expected.push('src/domain/cycle-a.ts no-cycle', 'src/domain/lonely.ts no-orphan');
    expect([...new Set(found)].sort()).toEqual(expected.sort());
  });

  it('reads every file of the real tree, with its imports, each under its full name', async () => {
    const { modules } = await cruise(root);
    const cruised = modules
      .map((module) => module.source)
      .filter((source) => /^(src|test|bench|examples)\//.test(source));
    const present = globSync('{src,test,bench,examples}/**/*.ts', { cwd: root }).map((file) =>
      file.split(sep).join('/'),
    );
    expect(cruised.sort()).toEqual(present.sort());

    const local = modules.flatMap((module) =>
      module.dependencies
        .filter((dependency) => dependency.module.startsWith('.'))
        .map((d) => `${module.source} ${d.module}`),
    );
    expect(local.length).toBeGreaterThan(cruised.length / 2);
    expect(local.filter((line) => !/\.(ts|json)$/.test(line))).toEqual([]);
  });
});

const query = `
import { integer, pgTable } from 'drizzle-orm/pg-core';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
const things = pgTable('things', { id: integer('id') });
`;

/** One breach a file; the rule that must name it. An empty rule marks a file that is in order. */
const lintCases: ReadonlyArray<readonly [file: string, content: string, rule: string]> = [
  [
    'src/un-awaited-query.ts',
    `${query}export async function forget(db: PgDatabase<PgQueryResultHKT>) {\n  await Promise.resolve();\n  db.delete(things);\n}\n`,
    'typescript(no-floating-promises)',
  ],
  [
    'src/voided-query.ts',
    `${query}export function forget(db: PgDatabase<PgQueryResultHKT>) {\n  void db.delete(things);\n}\n`,
    'typescript(no-floating-promises)',
  ],
  [
    'src/awaited-query.ts',
    `${query}export async function remove(db: PgDatabase<PgQueryResultHKT>) {\n  await db.delete(things);\n}\n`,
    '',
  ],
  [
    'src/promise-as-condition.ts',
    'export function pass(isAllowed: () => Promise<boolean>) {\n  return isAllowed() ? 1 : 2;\n}\n',
    'typescript(no-misused-promises)',
  ],
  ['src/with-any.ts', 'export const size = (value: any[]) => value.length;\n', 'typescript(no-explicit-any)'],
  [
    'src/any-unseen.ts',
    'export function userName(body: string): string {\n  const { name } = JSON.parse(body);\n  return String(name);\n}\n',
    'typescript(no-unsafe-assignment)',
  ],
  ['src/unchecked.ts', '// @ts-ignore\nexport const one: number = 1;\n', 'typescript(ban-ts-comment)'],
  ['src/environment.ts', "export const port = process.env['PORT'];\n", 'eslint(no-restricted-globals)'],
  [
    'src/environment-import.ts',
    "import { env } from 'node:process';\nexport const e = env;\n",
    'eslint(no-restricted-imports)',
  ],
  ['src/main.ts', "export const port = process.env['PORT'];\n", ''],
  ['src/talkative.ts', "console.log('started');\n", 'eslint(no-console)'],
  [
    'src/five-parameters.ts',
    'export const sum = (a: number, b: number, c: number, d: number, e: number) => a + b + c + d + e;\n',
    'eslint(max-params)',
  ],
  [
    'src/long-function.ts',
    `export function long(list: number[]) {\n${'  list.push(1);\n'.repeat(60)}}\n`,
    'eslint(max-lines-per-function)',
  ],
  [
    'src/fourth-level.ts',
    `export function deep(n: number) {\n${'if (n > 1) {\n'.repeat(4)}return 1;\n${'}\n'.repeat(4)}return 0;\n}\n`,
    'eslint(max-depth)',
  ],
  [
    'src/forgotten-case.ts',
    "export function level(status: 'active' | 'frozen') {\n  switch (status) {\n    case 'active':\n      return 1;\n  }\n  return 0;\n}\n",
    'typescript(switch-exhaustiveness-check)',
  ],
  [
    'test/only.test.ts',
    "import { expect, it } from 'vitest';\nit.only('is one', () => expect(1).toBe(1));\n",
    'vitest(no-focused-tests)',
  ],
  [
    'test/asleep.test.ts',
    "import { expect, it } from 'vitest';\nit.skip('is one', () => expect(1).toBe(1));\n",
    'vitest(no-disabled-tests)',
  ],
  ['test/idle.test.ts', "import { it } from 'vitest';\nit('is one', () => {});\n", 'vitest(expect-expect)'],
];

describe('the lint', () => {
  it('names every seeded breach, an un-awaited query first of all, and nothing that is in order', async () => {
    const seeded = seedTree(Object.fromEntries(lintCases.map(([file, content]) => [file, content])));
    try {
      const found = (await lint(seeded)).map(({ filename, code }) => `${filename} ${code}`);
      expect(found.sort()).toEqual(
        lintCases
          .filter(([, , rule]) => rule)
          .map(([file, , rule]) => `${file} ${rule}`)
          .sort(),
      );
    } finally {
      rmSync(seeded, { recursive: true, force: true });
    }
  });
});
