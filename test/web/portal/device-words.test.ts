import { expect, it } from 'vitest';
import { deviceWording } from '../../../src/web/portal/device-words.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

const both = (browser: string, system: string) => ({ key: 'portal.device.both', values: { browser, system } });

it.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/141.0.0.0 Safari/537.36`, both('Chrome', 'Linux')],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/141.0 Safari/537.36 Edg/141.0`, both('Edge', 'Windows')],
  [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/141.0 Safari/537.36 OPR/120.0`, both('Opera', 'Windows')],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0', both('Firefox', 'macOS')],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
    both('Safari', 'macOS'),
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    both('Safari', 'iPhone'),
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 Mobile/15E148 Safari/604.1',
    both('Chrome', 'iPad'),
  ],
  [
    `Mozilla/5.0 (Linux; Android 15; SM-S931B) ${webkit} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`,
    both('Samsung Internet', 'Android'),
  ],
  [`Mozilla/5.0 (X11; CrOS x86_64 16328.55.0) ${webkit} Chrome/141.0 Safari/537.36`, both('Chrome', 'ChromeOS')],
  ['SomethingElse/1.0 (Windows NT 10.0)', { key: 'portal.device.one', values: { name: 'Windows' } }],
  ['Firefox/1.0', { key: 'portal.device.one', values: { name: 'Firefox' } }],
  ['curl/8.5.0', 'portal.device.unknown'],
  ['<script>alert(1)</script>', 'portal.device.unknown'],
  ['', 'portal.device.unknown'],
  [null, 'portal.device.unknown'],
])('%s', (userAgent, wording) => {
  expect(deviceWording(userAgent)).toEqual(wording);
});

it('says no word of what a browser calls itself but names of its own', () => {
  const hostile = `Chrome/"><img src=x> Windows ${'x'.repeat(200_000)}`;
  expect(deviceWording(hostile)).toEqual(both('Chrome', 'Windows'));
});
