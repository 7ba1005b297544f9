import { decode } from 'fast-png';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeWithChromium, launchChromium, openWindow } from '../support/chromium.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { plainPng } from '../support/png-files.ts';
import { accessKeyToken, callApi, type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { bombs, chunkTypes, notImages, payload, polyglots } from './support/hostile-images.ts';
import { giveKey } from './support/own-devices.ts';
import { sendRaw } from './support/raw-http.ts';

let server: TestServer;
/** Anew for each test: an account has a logo made for it only so often. */
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
});
beforeEach(async () => {
  account = await server.account();
});
afterAll(() => server.close());

const putLogo = (image: Buffer | string, of = account) =>
  of.api('PUT /account/branding/logo', { image: typeof image === 'string' ? image : image.toString('base64') });
const logoOf = async (of: TestAccount) => (await of.manage('GET /account/branding'))['logo'] as { href: string } | null;
const setLogo = async (image: Buffer, of = account): Promise<string> => {
  const { status, body } = await putLogo(image, of);
  expect(status).toBe(200);
  return (body['logo'] as { href: string }).href;
};
const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  fetch(`${server.origin}${path}`, { method, headers, redirect: 'manual' });
const bytesAt = async (path: string): Promise<Buffer> => Buffer.from(await (await get(path)).arrayBuffer());

/** What keeps a file from being anything but what it is, wherever it is opened. */
const harmless = {
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': null,
  'set-cookie': null,
};
const headersOf = ({ headers }: Response) =>
  Object.fromEntries(Object.keys(harmless).map((name) => [name, headers.get(name)]));

describe('a logo', () => {
  it.each(Object.entries(notImages))('is not made of %s, and the one before stays', async (_what, file) => {
    const before = await setLogo(plainPng(16, 16));
    const { status, body } = await putLogo(file);
    expect([status, body['code']]).toEqual([400, 'InvalidParameter']);
    expect(JSON.stringify(body)).not.toContain('__run');
    expect((await logoOf(account))?.href).toBe(before);
  });

  it('is not made of what an address names', async () => {
    for (const image of [
      payload,
      'https://evil.example/a.png',
      'data:image/png;base64,iVBORw0KGgo=',
      'file:///etc/passwd',
      '../../logo.png',
    ])
      expect((await putLogo(image)).status).toBe(400);
    expect(await logoOf(account)).toBeNull();
  });

  it.each(Object.entries(polyglots))('made of a PNG %s is its picture and nothing else', async (what, file) => {
    const href = await setLogo(file);
    const [answer, served] = [await get(href), await bytesAt(href)];
    expect([answer.headers.get('content-type'), headersOf(answer)]).toEqual(['image/png', harmless]);
    expect([...new Set(chunkTypes(served))]).toEqual(['IHDR', 'IDAT', 'IEND']);
    const { width, height, text } = decode(served);
    expect({ width, height, text }).toEqual({ width: 8, height: 8, text: {} });
    // A picture may spell anything, and is kept as it is: there it is the headers that count.
    if (what === 'whose pixels spell it') return;
    expect([served.includes('__run'), served.includes('<svg')]).toEqual([false, false]);
    expect([...new Set(decode(served).data)]).toEqual([120]);
  });

  it('is that picture whatever is said of it in the request for it', async () => {
    const href = await setLogo(plainPng(16, 16));
    const plain = await bytesAt(href);
    const asked: readonly Readonly<Record<string, string>>[] = [
      {},
      { accept: 'text/html' },
      { accept: 'image/svg+xml', 'sec-fetch-dest': 'document' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { range: 'bytes=8-20' },
      { 'if-none-match': '"x"', 'x-original-url': '/x.html', 'x-content-type': 'text/html' },
    ];
    for (const headers of asked)
      for (const query of ['', '?x.html', '?content-type=text/html', `?callback=${encodeURIComponent(payload)}`]) {
        const answer = await get(href + query, headers);
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
        expect(headersOf(answer)).toEqual(harmless);
        expect(Buffer.from(await answer.arrayBuffer()).equals(plain)).toBe(true);
      }
    expect(headersOf(await get(href, {}, 'HEAD'))).toEqual(harmless);
  });

  it('is at its own address alone, under no other name or ending', async () => {
    const href = await setLogo(plainPng(16, 16));
    const name = href.slice('/-/logos/'.length, -'.png'.length);
    for (const path of [
      ...[
        '.svg',
        '.html',
        '.PNG',
        '',
        '.png.html',
        '.png/',
        '.png/x.html',
        '.png;x.html',
        '.png%00.html',
        '.png%2f',
        '.png\\',
      ].map((ending) => `/-/logos/${name}${ending}`),
      ...[
        `/-/logos/./${name}.png`,
        `/-/logos/x/../${name}.png`,
        `/-/logos/..%2flogos%2f${name}.png`,
        `//-/logos/${name}.png`,
      ],
      ...[`/-/logos/%2e%2e/logos/${name}.png`, `/-/LOGOS/${name}.png`, `/${account.alias}/-/logos/${name}.png`],
      ...[`/${account.alias}${href}`, `/-/assets/../logos/${name}.png`, `/-/logos/${name.toLowerCase()}.png`],
      ...[
        '/-/logos/../../package.json',
        '/-/logos/%2e%2e%2fpackage.json.png',
        '/-/logos/',
        '/-/logos',
        '/-/logos/*.png',
        `/-/logos/${'%'.repeat(43)}.png`,
      ],
    ]) {
      if (path === href) continue;
      const answer = await sendRaw(server.origin, path);
      expect([path, [400, 404].includes(answer.status)]).toEqual([path, true]);
      expect(answer.body).not.toContain('IHDR');
    }
  });

  it('stands on the page as an image and as nothing that could run', async () => {
    const href = await setLogo(polyglots['with texts'] ?? Buffer.alloc(0));
    const { html, headers } = await createHttpBrowser().open(account.issuer);
    expect(html).toContain(`<img class="logo" src="${href}"`);
    expect(html).not.toMatch(/<(object|embed|iframe|frame|link[^>]*icon[^>]*logos)/);
    expect(html.split(href)).toHaveLength(2);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(headers.get('content-security-policy')).toMatch(/img-src 'self'/);
  });
});

describeWithChromium('a logo in a browser', () => {
  it('runs nothing, whatever it spells, where the same bytes as a page would', async () => {
    const paths = [];
    for (const file of Object.values(polyglots)) paths.push(await setLogo(file));
    const chromium = await launchChromium();
    try {
      const { context, page } = await openWindow(chromium);
      await context.addInitScript('window.__run = () => { window.__ran = true; };');
      for (const path of paths) {
        await page.goto(`${server.origin}${path}`);
        expect(await page.evaluate('[document.contentType, window.__ran === true]')).toEqual(['image/png', false]);
      }
      await page.goto('about:blank');
      await page.setContent((polyglots['with a page behind its end'] ?? Buffer.alloc(0)).toString('latin1'));
      expect(await page.evaluate('window.__ran === true')).toBe(true);
    } finally {
      await chromium.close();
    }
  });
});

describe('a file that grows', () => {
  it('is refused, each by itself and all at once, while others are served', async () => {
    const all = Object.entries(bombs());
    for (const [what, file] of all)
      expect([what, file.length < 256 * 1024, (await putLogo(file)).status]).toEqual([what, true, 400]);
    const others = await Promise.all([server.account(), server.account(), server.account()]);
    const answers = others.flatMap((of) => all.map(async ([, file]) => (await putLogo(file, of)).status));
    const page = await createHttpBrowser().open(account.issuer);
    expect(page.status).toBe(200);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([400]));
    expect(await Promise.all([account, ...others].map(logoOf))).toEqual([null, null, null, null]);
  });
});

describe('the logo of one account', () => {
  it('is neither changed, removed nor shown by another', async () => {
    const other = await server.account();
    const [mine, theirs] = [await setLogo(plainPng(20, 20)), await setLogo(plainPng(21, 21), other)];
    expect((await other.api('DELETE /account/branding/logo')).status).toBe(204);
    expect((await get(theirs)).status).toBe(404);
    expect([(await get(mine)).status, (await logoOf(account))?.href]).toEqual([200, mine]);
    expect((await createHttpBrowser().open(other.issuer)).html).not.toContain('/-/logos/');
    // The administrator of the other account is nobody here.
    const { accessKeyId: id, accessKeySecret: secret } = other.handover;
    const token = await accessKeyToken(other.issuer, { id, secret });
    const image = plainPng(22, 22).toString('base64');
    expect((await callApi(account.issuer, token, 'PUT /account/branding/logo', { image })).status).toBe(401);
    expect((await callApi(account.issuer, token, 'DELETE /account/branding/logo')).status).toBe(401);
    expect((await logoOf(account))?.href).toBe(mine);
  });

  it('that another account has as well outlives the other’s, and its name tells nobody whose it is', async () => {
    const other = await server.account();
    const href = await setLogo(plainPng(30, 30));
    expect(await setLogo(plainPng(30, 30), other)).toBe(href);
    expect([href.includes(account.accountId), href.includes(account.alias)]).toEqual([false, false]);
    await other.manage('DELETE /account/branding/logo');
    expect((await get(href)).status).toBe(200);
    await account.manage('DELETE /account/branding/logo');
    expect((await get(href)).status).toBe(404);
  });

  it('is set by nobody without the right to it, nor by a cookie', async () => {
    const { call } = await giveKey(account, await account.createUser());
    const image = plainPng(22, 22).toString('base64');
    expect((await call('PUT /account/branding/logo', { image })).status).toBe(403);
    const browser = createHttpBrowser();
    await browser.open(account.issuer);
    const cookie = browser.cookies.headerFor(new URL(account.issuer));
    const headers = { cookie, 'content-type': 'application/json' };
    const answer = await sendRaw(server.origin, `/${account.alias}/api/v1/account/branding/logo`, {
      ...{ method: 'PUT', headers, body: JSON.stringify({ image }) },
    });
    expect([answer.status, await logoOf(account)]).toEqual([401, null]);
  });
});

describe('a style sheet of a colour', () => {
  const injections = [
    ...['red', '#7a1fa2;}*{background:url(//evil.example)}', '#7a1fa2</style><script>', 'url(https://evil.example)'],
    ...[
      '#7a1fa2/**/',
      '#7a1fa2\n@import "//evil.example"',
      'var(--x)',
      'expression(alert(1))',
      '#7a1fa2 ',
      '\\23 7a1fa2',
    ],
  ];

  it.each(injections)('is not made of %j, by the API or by its address', async (color) => {
    expect((await account.api('PATCH /account/branding', { color })).status).toBe(400);
    expect((await createHttpBrowser().open(account.issuer)).html).not.toContain('/-/themes/');
    for (const path of [
      `/-/themes/${encodeURIComponent(color)}.css`,
      `/-/themes/${encodeURIComponent(color.slice(1))}.css`,
    ]) {
      const answer = await get(path);
      expect([400, 404]).toContain(answer.status);
      expect(await answer.text()).not.toContain('evil.example');
    }
  });

  it('says colours alone, and is harmless wherever it is opened', async () => {
    await account.manage('PATCH /account/branding', { color: '#7A1FA2' });
    expect((await createHttpBrowser().open(account.issuer)).html).toContain('href="/-/themes/7a1fa2.css"');
    for (const query of ['', '?', `?x=${encodeURIComponent(`</style>${payload}`)}`, '?color=ff0000']) {
      const answer = await get(`/-/themes/7a1fa2.css${query}`, { accept: 'text/html', origin: 'https://evil.example' });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
      expect(headersOf(answer)).toEqual(harmless);
      const styles = await answer.text();
      expect(styles).toContain('#7a1fa2');
      expect(styles).not.toMatch(/url\(|@import|<|ff0000|expression/);
    }
  });
});

it('nothing of all this ended as a fault of ours', () => {
  expect(
    server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
  ).toEqual([]);
});
