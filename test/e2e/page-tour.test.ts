import { describeWithChromium } from '../support/chromium.ts';
import { axeIn, fits, keyboard, twiceTheSize, weight } from '../support/page-tour/page-checks.ts';
import { tourEveryPage } from '../support/page-tour/tour-suite.ts';

describeWithChromium('a tour through every page of a running server', () => {
  tourEveryPage([
    {
      name: 'by keyboard, at a desktop',
      language: 'en',
      window: { viewport: { width: 1280, height: 1024 } },
      hand: 'keyboard',
      checks: [weight, axeIn('light'), axeIn('dark', 'of colour'), twiceTheSize, keyboard],
    },
    {
      name: 'right to left, on a phone',
      language: 'ar',
      window: { viewport: { width: 360, height: 740 } },
      hand: 'pointer',
      checks: [fits, axeIn('light')],
    },
  ]);
});
