import type { Page } from '../../src/web/views/pages.ts';
import { apiSamples } from './page-samples/api-samples.ts';
import { logonSamples } from './page-samples/logon-samples.ts';
import { messageSamples } from './page-samples/message-samples.ts';
import { portalSamples } from './page-samples/portal-samples.ts';

/** Every page at least once, and each state that changes how one looks. The key names the state. */
export const pageSamples = {
  ...logonSamples,
  ...portalSamples,
  ...messageSamples,
  ...apiSamples,
} as const satisfies Record<string, Page>;
