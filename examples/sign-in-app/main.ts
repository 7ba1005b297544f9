import { join } from 'node:path';
import { findCredentials, registerApp } from './register.ts';
import { startApp } from './app.ts';

const port = Number(process.env['EXAMPLE_PORT'] || 4000);
const url = `http://localhost:${port}`;

try {
  const credentials = await findCredentials(process.env, join(process.env['DATA_DIR'] || './data', 'first-run.json'));
  const registration = await registerApp(credentials, url);
  const app = await startApp({ ...registration, url, port });
  console.log(`Open ${url} and sign in through ${registration.issuer}. Ctrl-C ends the example.`);
  process.once('SIGINT', () => void app.close());
  process.once('SIGTERM', () => void app.close());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
