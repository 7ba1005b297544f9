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

const configuredSettings = ({ publicUrl, logonDomain }: Deployment) => [
  { name: 'publicUrl' as const, value: publicUrl },
  { name: 'logonDomain' as const, value: logonDomain },
];

/**
 * What of the configuration differs from what the deployment was set up with; issuers, logon names and passkeys hang on these.
 * Reads alone. A setting that was never remembered differs from nothing.
 */
export async function compareDeployment(db: Database, deployment: Deployment): Promise<ChangedSetting[]> {
  const configured = configuredSettings(deployment);
  const names = configured.map(({ name }) => name);
  const stored = await db.select().from(deploymentSettings).where(inArray(deploymentSettings.name, names));
  return configured.flatMap(({ name, value }) => {
    const known = stored.find((row) => row.name === name)?.value;
    return known === undefined || known === value ? [] : [{ name, stored: known, configured: value }];
  });
}

/**
 * Remembers what is configured and answers what differs from what was remembered already. Of processes that race on a new
 * database the first is remembered, and the others are told. With `confirmChange` the new values replace the old ones, whose
 * rows are held until the transaction ends, and nothing differs.
 */
export async function rememberDeployment(
  db: Database,
  deployment: Deployment,
  confirmChange: boolean,
): Promise<ChangedSetting[]> {
  const insert = db.insert(deploymentSettings).values(configuredSettings(deployment));
  if (confirmChange) {
    await insert.onConflictDoUpdate({
      target: deploymentSettings.name,
      set: { value: sql`excluded.value`, updatedAt: sql`now()` },
    });
    return [];
  }
  await insert.onConflictDoNothing();
  return await compareDeployment(db, deployment);
}
