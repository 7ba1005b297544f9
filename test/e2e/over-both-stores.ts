import { afterAll, beforeAll, describe } from 'vitest';
import { describeWithPostgres, describeWithRedis } from '../support/describe-with-servers.ts';
import type { StoresKind } from '../support/server-environment.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/test-server.ts';

/** Back-channel logout calls apps on this machine. */
const loopback = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8,::1/128' };

/** One suite over the embedded database and over Postgres with Redis, each on a server of its own. */
export function describeOverBothStores(
  name: string,
  suite: (server: () => TestServer) => void,
  options: Omit<TestServerOptions, 'stores'> = {},
): void {
  const body = (stores: StoresKind) => () => {
    let server: TestServer | undefined;
    beforeAll(async () => {
      server = await startTestServer({ stores, settings: loopback, ...options });
    });
    afterAll(async () => {
      await server?.close();
    });
    suite(() => {
      if (server === undefined) throw new Error('the server did not start');
      return server;
    });
  };
  describe(`${name}, embedded`, body('embedded'));
  describeWithPostgresAndRedis(`${name}, Postgres and Redis`, body('postgres-redis'));
}

/** Skipped aloud, or failed where CI=true, as soon as one of the two is missing. */
export function describeWithPostgresAndRedis(
  name: string,
  suite: () => void,
  needs: { readonly forOutage?: boolean } = {},
): void {
  describeWithPostgres(name, () => describeWithRedis('both there', suite, needs), needs);
}
