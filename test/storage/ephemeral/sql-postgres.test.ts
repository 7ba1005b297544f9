import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/storage/db/migrate.ts';
import { openPostgres } from '../../../src/storage/db/postgres.ts';
import { ephemeralMembers } from '../../../src/storage/db/schema/ephemeral.ts';
import { openSqlEphemeralStore } from '../../../src/storage/ephemeral/sql.ts';
import { sweepExpired } from '../../../src/storage/ephemeral/sql-sweep.ts';
import { describeEphemeralStore } from '../../contracts/ephemeral-store-contract.ts';
import { describeWithPostgres } from '../../support/describe-with-servers.ts';
import { openPostgresPair } from '../../support/store-pairs.ts';
import { startThrowawayPostgres } from '../../support/throwaway-postgres.ts';

describeWithPostgres('the ephemeral store on Postgres', () => {
  describeEphemeralStore(openPostgresPair);

  it('additions to an expired set and sweeps that race end in no deadlock, and only what was added is left', async () => {
    const server = await startThrowawayPostgres();
    const { db, close } = await openPostgres({ url: server.url, maxConnections: 30 });
    await migrate(db);
    const store = openSqlEphemeralStore({ db });
    const expiresAt = sql`now() - interval '1 second'`;
    for (let round = 0; round < 40; round += 1) {
      const key = `set-${round}`;
      const leftovers = Array.from({ length: 6 }, (_, i) => ({ key, member: `member-${i}`, expiresAt }));
      await db.insert(ephemeralMembers).values(leftovers);
      const additions = Array.from({ length: 40 }, (_, i) => store.addToIndex(key, `member-${i % 3}`, 60));
      await Promise.all([...additions, sweepExpired(db, 100), sweepExpired(db, 100)]);
      expect((await store.listIndex(key)).sort()).toEqual(['member-0', 'member-1', 'member-2']);
    }
    await close();
    await server.stop();
  });
});
