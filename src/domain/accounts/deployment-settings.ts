import { inArray, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { deploymentSettings } from '../../storage/db/schema/deployment-settings.ts';
import type { Deployment } from './deployment.ts';

/** A setting that differs from the one the database was set up with. */
export interface ChangedSetting {
  readonly name: 'publicUrl' | 'logonDomain';
  readonly stored: string;
  readonly configured: string;
}

/**
 * Compares what is configured with what the deployment was set up with, noting it at the first time. Answers what differs: issuers, logon
 * names and passkeys hang on these, so an operator must say that a change is meant (`confirmChange`), which stores it.
 */
export async function reconcileDeployment(db: Database, deployment: Deployment, confirmChange: boolean): Promise<ChangedSetting[]> {
  const configured = [
    { name: 'publicUrl' as const, value: deployment.publicUrl },
    { name: 'logonDomain' as const, value: deployment.logonDomain },
  ];
  const insert = db.insert(deploymentSettings).values(configured);
  if (confirmChange) {
    await insert.onConflictDoUpdate({ target: deploymentSettings.name, set: { value: sql`excluded.value`, updatedAt: sql`now()` } });
    return [];
  }
  await insert.onConflictDoNothing();
  const names = configured.map(({ name }) => name);
  const stored = await db.select().from(deploymentSettings).where(inArray(deploymentSettings.name, names));
  return configured.flatMap(({ name, value }) => {
    const known = stored.find((row) => row.name === name)?.value;
    return known === undefined || known === value ? [] : [{ name, stored: known, configured: value }];
  });
}
