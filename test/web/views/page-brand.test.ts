import { describe, expect, it } from 'vitest';
import type { Branding } from '../../../src/domain/accounts/branding/branding.ts';
import { escapeMarkup } from '../../../src/web/views/markup.ts';
import { logoPath, pageBrand, type PageBrand, themePath } from '../../../src/web/views/page-brand.ts';
import { createPageRenderer, type Page } from '../../../src/web/views/pages.ts';
import { polyglot } from '../../support/hostile-page.ts';
import { brandSamples } from '../../support/page-samples/brand-samples.ts';
import { pageSamples } from '../../support/page-samples.ts';

const renderer = createPageRenderer();
const nonce = 'q83vEjRWeJCrze8SNFZ4kA';
const render = (page: Page, brand?: PageBrand) => renderer.render(page, { nonce, language: 'en', brand });
const ofAccount = Object.entries(pageSamples).filter(([, { name }]) => name !== 'logon/general');

const branding: Branding = {
  displayName: 'Acme Corporation',
  color: '#7a1fa2',
  logo: { logoId: 'x'.repeat(43), width: 300, height: 75 },
};

describe('pageBrand', () => {
  it('leads to the theme of the colour and to the logo', () => {
    const brand = pageBrand('acme', branding);
    expect(brand).toEqual({
      alias: 'acme',
      displayName: 'Acme Corporation',
      themeHref: '/-/themes/7a1fa2.css',
      logo: { href: `/-/logos/${'x'.repeat(43)}.png`, width: 300, height: 75 },
    });
    expect(themePath.test(brand.themeHref ?? '')).toBe(true);
    expect(logoPath.test(brand.logo?.href ?? '')).toBe(true);
  });

  it('of an account that has set nothing is its alias', () => {
    expect(pageBrand('acme', { displayName: undefined, color: undefined, logo: undefined })).toEqual({ alias: 'acme' });
  });
});

describe.each(ofAccount)('a branded "%s"', (_key, page) => {
  const html = render(page, brandSamples.whole);
  const head = html.match(/<div class="brand">[\s\S]*?<\/div>\s*<\/div>/)?.[0] ?? '';

  it('shows the name, and the alias beside it', () => {
    expect(head).toContain('<bdi>Acme Corporation</bdi>');
    expect(head).toContain('<bdi class="alias">acme</bdi>');
  });

  it('shows the logo, and has the colour after the usual style', () => {
    expect(head).toContain(`<img class="logo" src="${brandSamples.whole.logo.href}" alt="" width="320" height="80">`);
    expect(html).toMatch(/href="\/-\/assets\/postern[^"]+">\s*<link rel="stylesheet" href="\/-\/themes\/7a1fa2\.css">/);
  });

  it('shows a hostile brand as text', () => {
    const brand = {
      alias: polyglot,
      displayName: polyglot,
      themeHref: polyglot,
      logo: { href: polyglot, width: 1, height: 1 },
    };
    const attacked = render(page, brand);
    expect(attacked).toContain(escapeMarkup(polyglot));
    expect(attacked).not.toContain('<img src=x');
    expect(attacked).not.toMatch(/(?:href|src)="\s*javascript:/i);
    expect(attacked.match(/<[a-z]/g)?.length).toBe(html.match(/<[a-z]/g)?.length);
  });
});

describe('a page of an account without branding', () => {
  it('shows the alias alone, the mark of the product and its colours', () => {
    const html = render(pageSamples.totp, brandSamples.none);
    expect(html).toMatch(/<img src="\/-\/assets\/mark[^>]+>\s*<div>\s*<bdi>acme<\/bdi>/);
    expect(html).not.toContain('/-/themes/');
  });
});

describe('a page of nobody’s', () => {
  it('shows the product', () => {
    const html = render(pageSamples.general);
    expect(html).toContain('<bdi>Postern</bdi>');
    expect(html).not.toContain('/-/themes/');
    expect(html).not.toContain('/-/logos/');
  });
});

describe('addresses of brand files', () => {
  it.each([
    '/-/themes/7A1FA2.css',
    '/-/themes/7a1fa.css',
    '/-/themes/7a1fa23.css',
    '/-/themes/7a1fa2.css/',
    '/-/themes/7a1fa2.css%0a',
    '/-/themes/7a1fa2.css\n',
    '/-/themes/red.css',
    '/-/themes/..%2f.css',
    '/x/-/themes/7a1fa2.css',
  ])('%j is none of a theme', (path) => {
    expect(themePath.test(path)).toBe(false);
  });

  it.each([
    '/-/logos/a.png',
    `/-/logos/${'a'.repeat(42)}/.png`,
    `/-/logos/${'a'.repeat(43)}.svg`,
    `/-/logos/${'a'.repeat(44)}.png`,
  ])('%j is none of a logo', (path) => {
    expect(logoPath.test(path)).toBe(false);
  });
});
