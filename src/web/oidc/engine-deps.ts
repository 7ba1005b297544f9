import type { Logger } from 'pino';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { AccessKeyUses } from '../../domain/access-keys/access-key-uses.ts';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { PageDeps } from '../views/send-page.ts';
import type { UserCache } from './account-claims.ts';
import type { ArtefactHints } from './artefact-hints.ts';

/** What every issuer is built with. */
export interface EngineDeps extends PageDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly liveState: LiveState;
  readonly logonDomain: string;
  readonly outboundFetch: typeof globalThis.fetch;
  readonly userCache: UserCache;
  readonly accessKeyUses: AccessKeyUses;
  readonly artefactHints: ArtefactHints;
  /** Has the apps of sessions that have just ended told of it; returns at once. */
  readonly tellApps: () => void;
  readonly logger: Logger;
}
