// Runs as a process of its own, to be killed: opens the embedded database and writes rows, telling each that was acknowledged.
import { migrate } from '../../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../../src/storage/db/pglite.ts';
import { deploymentSettings } from '../../../src/storage/db/schema/deployment-settings.ts';

const [directory = '', round = '0'] = process.argv.slice(2);

try {
  const { db } = await openEmbedded({ directory, pid: process.pid });
  await migrate(db);
  console.log('opened');
  for (let i = 0; ; i += 1) {
    const name = `${round}-${i}`;
    await db.insert(deploymentSettings).values({ name, value: 'x'.repeat(500) });
    console.log(name);
  }
} catch (error) {
  console.log(`refused: ${(error as Error).message}`);
  process.exit(1);
}
