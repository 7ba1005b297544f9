import { hashToken } from '../../crypto/tokens.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { sourceNetwork } from './source-network.ts';

interface WrongSecret {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly sourceIp: string;
  readonly requestId: string;
}

/** Failures after which somebody is told, of one key and over all keys of the account. */
const alarms = [
  { per: 'key', failures: 20 },
  { per: 'source', failures: 100 },
] as const;

const windowSeconds = 900;

/**
 * Counts a failed authentication with an access key; past a limit it is told in the audit log, once a window. Nothing is ever refused for it: a secret
 * has 178 random bits, so nobody guesses it, while refusing right ones would let anybody behind one address stop a program.
 */
export async function noteWrongSecret(
  { db, ephemeral }: { readonly db: Database; readonly ephemeral: EphemeralStore },
  wrong: WrongSecret,
): Promise<void> {
  const { accountId, accessKeyId, sourceIp, requestId } = wrong;
  const source = sourceNetwork(sourceIp);
  const counted = await Promise.all(
    alarms.map(async ({ per, failures }) => {
      const subject = JSON.stringify([accountId, per, per === 'key' ? accessKeyId : null, source]);
      const { count } = await ephemeral.increment(`wrong-secrets:${hashToken(subject)}`, windowSeconds);
      // Racing callers each get a count of their own, so one of them is the first past the limit.
      return count === failures + 1 ? [{ per, failures }] : [];
    }),
  );
  for (const alarm of counted.flat()) {
    await insertAuditEvent(db, {
      ...{ accountId, sourceIp, requestId },
      actorVia: `accessKey:${accessKeyId}`,
      action: 'access-key-guessing',
      resource: `acs:ram:*:${accountId}:user/*`,
      outcome: 'refused',
      details: { reason: 'access key guessing', accessKeyId, ...alarm, windowSeconds },
    });
  }
}
