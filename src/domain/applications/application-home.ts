import type { Application } from './applications-store.ts';

/** Apps that live in a browser. A native one, behind a private scheme or any port, cannot be linked to; a service has no pages. */
export const typesWithHome = ['web', 'spa'] as const satisfies readonly Application['type'][];

/** Where an app lives, as far as its registered address says. */
export function homeOf({
  type,
  redirectUris: [first],
}: Pick<Application, 'type' | 'redirectUris'>): string | undefined {
  const livesInBrowser = typesWithHome.some((one) => one === type);
  const url = first === undefined || !livesInBrowser ? null : URL.parse(first);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? `${url.origin}/` : undefined;
}
