import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startApp } from './app.ts';
import { findCredentials, registerApp } from './register.ts';

const help = `Usage: npm run example

A small app that signs people in through Postern. It registers itself with an administrator's access key and takes no arguments.

  EXAMPLE_PORT    its port; default 4000
  DATA_DIR        the directory of the server, whose first-run.json holds the key; default ./data
  POSTERN_ISSUER, POSTERN_ACCESS_KEY_ID, POSTERN_ACCESS_KEY_SECRET
                  another server, and a key there; all three or none`;

async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  const port = readPort(env['EXAMPLE_PORT'] || '4000');
  const url = `http://localhost:${port}`;
  const credentials = await findCredentials(env, resolve(env['DATA_DIR'] || './data', 'first-run.json'));
  const registration = await registerApp(credentials, url);
  const app = await startApp({ ...registration, url, port });
  console.log(`Open ${url} and sign in through ${registration.issuer}. Ctrl-C ends the example.`);
  process.once('SIGINT', () => void app.close());
  process.once('SIGTERM', () => void app.close());
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Error('EXAMPLE_PORT is not a number from 1 to 65535.');
  return port;
}

/** Undefined, and told, when the arguments are none that there are. */
function readArguments(): { help?: boolean | undefined } | undefined {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}

try {
  const options = readArguments();
  if (options?.help === true) console.log(help);
  else if (options !== undefined) await serve(process.env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
