// The one-way rule of the source tree, as a tool can check it:
//
//   main -> cli | compose -> web -> domain -> storage | crypto
//
// Never back, never sideways between the surfaces of web/ nor between storage and crypto. A type import counts like any
// other: knowing a layer's types is knowing the layer.

/** Pages of an issuer, and the entrance that leads to them: they stand on web/oidc, which hosts the engine and its sessions. */
const standOnHosting = 'logon|portal|console|entrance';

/** Storage drivers: whoever uses a store knows the contract (database.ts, ephemeral-store.ts) and no driver. */
const drivers = '^src/storage/(db/(postgres|pglite)|ephemeral/(redis|sql))[-./]';

const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})(/|$)`;

/** Files of `from` may not import files of `to`, whatever the reason. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: typeof from === 'string' ? { path: from } : from,
  to: typeof to === 'string' ? { path: to } : to,
});

/** What a layer may import of src/, itself included; everything else of src/ is refused. */
const layer = (name, from, allowed) =>
  forbid(`layer-${name}`, `${name} imports only: ${allowed.join(', ')}`, from, {
    path: '^src/',
    pathNot: allowed.map((path) => (path.endsWith('.ts') ? `^src/${path.replace('.', '[.]')}$` : `^src/${path}/`)),
  });

const layers = [
  layer('main', '^src/main[.]ts$', ['cli', 'compose.ts', 'config']),
  layer('cli', '^src/cli/', ['cli', 'compose.ts', 'config', 'web', 'domain', 'storage', 'crypto']),
  layer('compose', '^src/compose[.]ts$', ['config', 'web', 'domain', 'storage', 'crypto']),
  layer('config', '^src/config/', ['config', 'domain', 'crypto']),
  layer('web', '^src/web/', ['web', 'config', 'domain', 'storage', 'crypto']),
  layer('domain', '^src/domain/', ['domain', 'storage', 'crypto']),
  layer('storage', '^src/storage/', ['storage']),
  layer('crypto', '^src/crypto/', ['crypto']),
];

const web = [
  forbid(
    'no-sideways-between-surfaces',
    'Surfaces of web/ know the shared kit (web/http, web/views) and never one another.',
    `^src/web/(?!(?:http|views|${standOnHosting})/)([^/]+)/`,
    { path: '^src/web/(?!http/|views/)', pathNot: '^src/web/$1/' },
  ),
  forbid(
    'no-sideways-between-pages',
    "Pages of an issuer and the entrance know the kit and web/oidc, and never one another's insides.",
    `^src/web/(${standOnHosting})/`,
    { path: '^src/web/(?!http/|views/|oidc/)', pathNot: '^src/web/$1/' },
  ),
  forbid(
    'kit-knows-no-surface',
    'web/http and web/views lie below the surfaces.',
    '^src/web/(http|views)/',
    '^src/web/(?!http/|views/)',
  ),
  forbid(
    'kit-has-no-product-knowledge',
    'Of the domain, web/http knows the vocabulary of refusals.',
    '^src/web/http/',
    {
      path: '^src/domain/',
      pathNot: '^src/domain/app-error[.]ts$',
    },
  ),
  forbid(
    'queries-live-in-domain',
    'Surfaces own wire formats; domain/ owns rules and queries.',
    '^src/web/',
    `${npm('drizzle-orm')}|^src/storage/db/schema/`,
  ),
];

const outside = [
  forbid(
    'drivers-only-in-compose',
    'Drivers are picked in compose.ts and in command line verbs.',
    {
      path: '^src/',
      pathNot: ['^src/compose[.]ts$', '^src/cli/', drivers],
    },
    drivers,
  ),
  forbid(
    'driver-packages-only-in-storage',
    'A database or Redis client is a driver too.',
    { path: '^src/', pathNot: '^src/storage/' },
    npm('ioredis', 'postgres', '@electric-sql/pglite', 'drizzle-orm/(postgres-js|pglite)'),
  ),
  forbid(
    'http-only-in-web',
    'Koa, eta and the engine are known to web/ alone; compose.ts mounts the surfaces on Koa.',
    { path: '^src/', pathNot: ['^src/web/', '^src/compose[.]ts$'] },
    npm('koa', 'koa__router', '@koa/router', 'eta', 'oidc-provider'),
  ),
  forbid(
    'nobody-imports-main',
    'Importing main.ts would start it: run it as a process.',
    { pathNot: '^src/' },
    '^src/main[.]ts$',
  ),
  forbid(
    'sources-stand-alone',
    'src/ never leans on tests, measurements or examples.',
    '^src/',
    '^(test|bench|examples)/',
  ),
  forbid('examples-stand-outside', 'An example is an app of its own.', '^examples/', '^(src|test|bench)/'),
  forbid('no-dev-dependency-in-src', 'What runs in production is a dependency.', '^src/', {
    dependencyTypes: ['npm-dev'],
    dependencyTypesNot: ['type-only'],
  }),
];

const hygiene = [
  forbid('no-cycle', 'Two modules that need one another are one module, or three.', {}, { circular: true }),
  forbid('no-unresolved', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
  forbid(
    'no-undeclared-package',
    'A package that package.json does not name.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  ),
  forbid('no-orphan', 'A module that nobody imports and that imports nothing.', { orphan: true, path: '^src/' }, {}),
  forbid(
    'no-barrel',
    'Import from the file that owns the thing.',
    {},
    '^(src|test|bench|examples)/.*(?<=/)index[.][mc]?[jt]s$',
  ),
  forbid(
    'no-drawer',
    'A file is found by its subject.',
    {},
    '^(src|test|bench|examples)/.*(?<=/)(utils?|helpers?|common|shared|misc)(/|[.])',
  ),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...layers, ...web, ...outside, ...hygiene],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports vanish before Node sees them; they count here all the same.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(drizzle|data|coverage|docs|views)/' },
    combinedDependencies: false,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
