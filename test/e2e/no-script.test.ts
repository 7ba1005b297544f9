import { describeWithChromium } from '../support/chromium.ts';
import { fits, worksUnscripted } from '../support/page-tour/page-checks.ts';
import { tourEveryPage } from '../support/page-tour/tour-suite.ts';

describeWithChromium('every page without script', () => {
  tourEveryPage([
    {
      name: 'on a phone in the dark',
      language: 'de',
      window: { viewport: { width: 360, height: 740 }, colorScheme: 'dark', javaScriptEnabled: false },
      hand: 'pointer',
      checks: [fits, worksUnscripted],
    },
  ]);
});
