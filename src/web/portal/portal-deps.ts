import type { OperationDeps } from '../../domain/operation.ts';
import type { FormTokens } from '../http/csrf.ts';
import type { PageDeps } from '../views/send-page.ts';

/** What the portal works with: it calls operations as REST does, and signs out as the engine does. */
export interface PortalDeps extends PageDeps, OperationDeps {
  readonly formTokens: FormTokens;
}
