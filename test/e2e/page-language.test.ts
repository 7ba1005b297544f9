import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserPage, createHttpBrowser } from '../support/http-browser.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded', settings: { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' } });
  account = await server.account();
  app = await connectRelyingParty(account);
});
afterAll(async () => {
  await app.close();
  await server.close();
});

const languageOf = ({ html, headers }: BrowserPage): string => {
  const [, language = '', direction = ''] = /<html lang="([^"]*)" dir="([^"]*)">/.exec(html) ?? [];
  expect(headers.get('content-language')).toBe(language);
  expect(direction).toBe(language === 'ar' ? 'rtl' : 'ltr');
  return language;
};

/** The address of the page in another language. */
const linkTo = (language: string, { html, url }: BrowserPage): URL => {
  const href = new RegExp(`<a href="([^"]+)" lang="${language}"`).exec(html)?.[1];
  if (href === undefined) throw new Error(`no link to ${language}`);
  return new URL(href.replaceAll('&amp;', '&'), url);
};

const preferring = (language: string) => ({ headers: { 'accept-language': language } });

describe('the language of the pages', () => {
  it('is what the browser prefers, on every page of a logon', async () => {
    const browser = createHttpBrowser();
    const first = await browser.open(account.issuer, preferring('ar-EG, en;q=0.5'));
    const refused = await browser.submit(first, { username: 'nobody', password: 'x' }, preferring('ar-EG'));
    expect([first, refused].map(languageOf)).toEqual(['ar', 'ar']);
    expect(refused.status).toBe(401);
  });

  it('is what the app asks for, until the user chooses on the page', async () => {
    const browser = createHttpBrowser();
    const { url } = await app.request({ ui_locales: 'sv ja' });
    const asked = await browser.open(url, preferring('de'));
    expect(languageOf(asked)).toBe('ja');
    const chosen = await browser.open(linkTo('fr', asked), preferring('de'));
    expect([languageOf(chosen), chosen.forms[0]?.action]).toEqual(['fr', asked.forms[0]?.action]);
    expect(languageOf(await browser.open(asked.url, preferring('de')))).toBe('fr');
  });

  it('is one that the issuer says it speaks', async () => {
    const metadata = await fetch(`${account.issuer}/.well-known/openid-configuration`);
    const { ui_locales_supported: spoken } = (await metadata.json()) as { ui_locales_supported: string[] };
    expect(spoken).toHaveLength(11);
    expect(spoken).toEqual(expect.arrayContaining(['en', 'zh-CN', 'zh-TW', 'pt-BR', 'ar']));
  });

  it('once chosen is kept for pages of every account, and for errors', async () => {
    const browser = createHttpBrowser();
    await browser.open(`${server.origin}/?lang=zh-HK`);
    const other = await server.account();
    for (const address of [`${server.origin}/`, account.issuer, other.issuer, `${server.origin}/no-such-account`])
      expect([address, languageOf(await browser.open(address, preferring('de')))]).toEqual([address, 'zh-TW']);
  });

  it('can be chosen on a page that refuses a form: the link leads to where the form is', async () => {
    const browser = createHttpBrowser();
    const refused = await browser.submit(await browser.open(`${server.origin}/`), { username: 'nobody' });
    expect(refused.status).toBe(400);
    const page = await browser.open(linkTo('de', refused));
    expect([page.status, languageOf(page)]).toEqual([200, 'de']);
  });

  it('does not change where a link leads, however the page was asked for', async () => {
    const page = await createHttpBrowser().open(
      `${server.origin}/no-such-account?lang=de&lang=fr&x=%22%3E%3Cscript%3E`,
    );
    const links = [...page.html.matchAll(/<a href="([^"]+)" lang="/g)].map(([, href]) => href);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(link).toMatch(/^\/no-such-account\?x=%22%3E%3Cscript%3E&amp;lang=[A-Za-z-]+$/);
    const long = await createHttpBrowser().open(`${server.origin}/no-such-account?x=${'y'.repeat(4000)}`);
    expect(long.html).not.toContain('class="languages"');
  });

  it('is English where the page is not translated', async () => {
    const page = await createHttpBrowser().open(`${account.issuer}/api/v1/docs?lang=ar`, preferring('ar'));
    expect(languageOf(page)).toBe('en');
  });
});
