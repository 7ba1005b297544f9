import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { openPlaces, type Places } from './places.ts';
import { routes } from './routes.ts';
import { pageTemplates } from './templates.ts';
import { startTour, type Traveller, type Travelogue } from './tour.ts';

/** Pages that no tour comes to, and why. */
const notVisited: Readonly<Record<string, string>> = {
  'api/index': 'documentation, for which docs-in-browser.test.ts stands',
  'api/subject': 'documentation, for which docs-in-browser.test.ts stands',
};

/** Sends each traveller through every page of a running server. */
export function tourEveryPage(travellers: readonly Traveller[]): void {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded', settings: { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' } });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  describe.each(travellers)('$name', (traveller) => {
    const visited = new Set<string>();
    let places: Places;
    beforeAll(async () => {
      places = await openPlaces(server);
    });
    afterAll(() => places.close());

    it.each(Object.entries(routes))('%s', { timeout: 120_000 }, async (_what, route) => {
      const travelogue: Travelogue = { visited, faults: [] };
      const tour = await startTour(browser, traveller, travelogue);
      try {
        await route(tour, places);
      } finally {
        await tour.close();
      }
      expect(travelogue.faults).toEqual([]);
    });

    it('has come to every page there is', () => {
      const left = pageTemplates().filter((name) => !visited.has(name));
      expect(left).toEqual(Object.keys(notVisited).sort());
    });
  });
}
