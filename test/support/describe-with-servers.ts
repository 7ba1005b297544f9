import { describe, expect, it } from 'vitest';
import { findPostgresBinaries } from './throwaway-postgres.ts';
import { findRedisBinary } from './throwaway-redis.ts';

interface ServerNeeds {
  /** The suite pauses or kills the server, so a shared one will not do. */
  readonly forOutage?: boolean;
}

/** A suite that needs a Postgres server: skipped aloud where there is none, failed where CI=true. */
export function describeWithPostgres(name: string, suite: () => void, needs: ServerNeeds = {}): void {
  const shared = process.env['TEST_DATABASE_URL'] !== undefined && needs.forOutage !== true;
  describeIf(shared || findPostgresBinaries() !== undefined, { name, suite, missing: 'initdb and postgres' });
}

/** The same for Redis. */
export function describeWithRedis(name: string, suite: () => void, needs: ServerNeeds = {}): void {
  const shared = process.env['TEST_REDIS_URL'] !== undefined && needs.forOutage !== true;
  describeIf(shared || findRedisBinary() !== undefined, { name, suite, missing: 'redis-server' });
}

interface Suite {
  readonly name: string;
  readonly suite: () => void;
  readonly missing: string;
}

function describeIf(available: boolean, { name, suite, missing }: Suite): void {
  if (available) {
    describe(name, suite);
    return;
  }
  describe(name, () => {
    if (process.env['CI'] !== 'true') console.warn(`SKIPPED: ${name}: this machine has no ${missing}`);
    it.skipIf(process.env['CI'] !== 'true')(`needs ${missing}`, () => {
      expect.fail(`this machine has no ${missing}, and CI may skip nothing`);
    });
  });
}
