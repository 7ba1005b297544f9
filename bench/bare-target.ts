import { randomBytes } from 'node:crypto';
import { freePort } from '../test/support/throwaway-process.ts';
import type { BareSetup } from './bare-configuration.ts';
import { startChild } from './child-question.ts';
import type { StartedServer } from './postern-target.ts';
import { benchRedirectUri, benchScope, benchUserNames } from './target.ts';

const newSecret = (): string => randomBytes(32).toString('base64url');

/** Starts the engine alone, with its in-memory adapter. */
export async function startBare(workers: number): Promise<StartedServer> {
  const issuer = `http://localhost:${await freePort()}`;
  const setup: BareSetup = {
    issuer,
    app: { id: 'app_bench', secret: newSecret() },
    redirectUri: benchRedirectUri,
    service: { id: 'service_bench', secret: newSecret() },
    resource: `${issuer}/api/v1`,
  };
  const child = startChild('./bare-server.ts', { BARE_SETUP: JSON.stringify(setup) });
  await child.ask('ready');
  const users = benchUserNames(workers).map((name) => ({ name, password: 'unused' }));
  return { child, target: { ...setup, scope: benchScope, users } };
}
