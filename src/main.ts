#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { quickenDrizzleImports } from './cli/quick-resolution.ts';

/**
 * npm and npx bring the right release along; this is for who calls the file with another one. It speaks to those that strip types by
 * themselves (22.18 and newer); before that, Node stops at the first type in this file.
 */
const oldestMajor = 24;

if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  process.stderr.write(`Postern needs Node.js ${oldestMajor} or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}

// A third of the time to the first answer goes into compiling what did not change since the last start.
enableCompileCache();
quickenDrizzleImports();

const [{ runCommandLine }, { createProcessTerminal }] = await Promise.all([
  import('./cli/command-line.ts'),
  import('./cli/process-terminal.ts'),
]);

// Whoever reads the results may stop before the end: `postern audit export | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

/** For what does not let go of the process although the verb is done. */
const lingerMs = 5_000;

// Not process.exit: what was written must arrive where it is piped to.
process.exitCode = await runCommandLine(process.argv.slice(2), createProcessTerminal(process));
setTimeout(() => process.exit(), lingerMs).unref();
