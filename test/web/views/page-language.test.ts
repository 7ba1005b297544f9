import Koa, { type Context } from 'koa';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type LanguageWish, pageLanguage } from '../../../src/web/views/page-language.ts';

interface Asked {
  readonly url?: string;
  readonly acceptLanguage?: string;
  readonly cookie?: string;
  readonly wish?: LanguageWish;
  readonly https?: boolean;
}

function contextOf({ url = '/acme', acceptLanguage, cookie }: Asked): Context {
  const req = new IncomingMessage(new Socket());
  const headers = { 'accept-language': acceptLanguage, cookie };
  Object.assign(req, { method: 'GET', url, headers: { host: 'id.example', ...headers } });
  return new Koa().createContext(req, new ServerResponse(req)) as Context;
}

function answer(asked: Asked): { readonly language: string; readonly saved: readonly string[] } {
  const ctx = contextOf(asked);
  Object.assign(ctx.cookies, { secure: true });
  const language = pageLanguage(ctx, asked.https ?? true, asked.wish);
  const cookies = ctx.res.getHeader('Set-Cookie') ?? [];
  return { language, saved: [cookies].flat().map(String) };
}

const now = Math.floor(Date.now() / 1000);
const wishes = (uiLocales: string, askedAt = now): LanguageWish => ({ uiLocales, askedAt });
const saved = (language: string, chosenAt: number): string => `__Secure-postern.language=${language}.${chosenAt}`;

describe('the language of a page', () => {
  it('is English where nobody wants another', () => {
    expect(answer({}).language).toBe('en');
    expect(answer({ acceptLanguage: 'sv, *;q=0.5' }).language).toBe('en');
  });

  it('is what the browser prefers, by its weights', () => {
    expect(answer({ acceptLanguage: 'sv, en;q=0.3, de-AT;q=0.8' }).language).toBe('de');
    expect(answer({ acceptLanguage: 'de;q=0, ja' }).language).toBe('ja');
  });

  it('is rather what the user once chose', () => {
    expect(answer({ acceptLanguage: 'de', cookie: saved('fr', 1) }).language).toBe('fr');
  });

  it('is kept in a cookie that another host of the domain cannot plant over plain http', () => {
    const cookie = `postern.language=fr.${now}`;
    expect([answer({ cookie }).language, answer({ cookie, https: false }).language]).toEqual(['en', 'fr']);
  });

  it('is rather what the app asks for, in its order', () => {
    const wish = wishes('sv ja de');
    expect(answer({ acceptLanguage: 'de', cookie: saved('fr', now - 60), wish }).language).toBe('ja');
  });

  it('is rather what the user has chosen since the app asked', () => {
    const wish = wishes('ja', now - 60);
    expect(answer({ cookie: saved('fr', now - 30), wish }).language).toBe('fr');
    expect(answer({ cookie: saved('fr', now - 60), wish }).language).toBe('fr');
  });

  it('is what the user chooses on the page, whatever else is wanted, and stays so', () => {
    const chosen = answer({
      url: '/acme?lang=pt-BR&username=a',
      acceptLanguage: 'de',
      cookie: saved('fr', now),
      wish: wishes('ja', now + 60),
    });
    expect(
      answer({ url: '/acme?lang=pt-BR', acceptLanguage: 'de', cookie: saved('fr', now), wish: wishes('ja', now) })
        .language,
    ).toBe('pt-BR');
    expect(chosen.saved).toHaveLength(1);
    expect(chosen.saved[0]).toMatch(
      /^__Secure-postern\.language=pt-BR\.\d{10}; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i,
    );
  });

  it('goes without the app’s wish where that names none of ours', () => {
    expect(answer({ acceptLanguage: 'de', wish: wishes('sv nb') }).language).toBe('de');
    expect(answer({ cookie: saved('fr', now - 60), wish: wishes('') }).language).toBe('fr');
  });

  it('is saved without `secure` only where there is no https', () => {
    expect(answer({ url: '/?lang=de', https: false }).saved[0]).not.toMatch(/secure/i);
  });
});

describe('what is no language', () => {
  it.each([
    ['a parameter given twice', { url: '/acme?lang=de&lang=fr' }],
    ['a parameter of another kind', { url: '/acme?lang[]=de' }],
    ['an unknown tag', { url: '/acme?lang=xx' }],
    ['script', { url: '/acme?lang=%3Cscript%3E' }],
    ['a header line', { url: '/acme?lang=de%0d%0aSet-Cookie:%20a=b' }],
    ['an endless parameter', { url: `/acme?lang=${'x-'.repeat(4000)}` }],
    ['a cookie with another in it', { cookie: '__Secure-postern.language=%0d%0a.1' }],
    ['a cookie of script', { cookie: '__Secure-postern.language=<script>.9999999999' }],
    ['an empty cookie', { cookie: '__Secure-postern.language=' }],
    ['a cookie of dots', { cookie: '__Secure-postern.language=....' }],
    ['a cookie named like what all objects have', { cookie: '__Secure-postern.language=constructor.1' }],
    ['a header that is none', { acceptLanguage: ';;;q=,,=' }],
    ['a header of blanks and commas', { acceptLanguage: ', ,\t,' }],
    ['an endless header', { acceptLanguage: Array.from({ length: 4000 }, () => 'xx').join() }],
    ['wishes in script', { wish: wishes('<script> "; \r\nX: y') }],
    ['endless wishes', { wish: wishes(`${'x'.repeat(300)} de`) }],
  ] as const)('counts for nothing and is saved nowhere: %s', (_what, asked) => {
    expect(answer(asked)).toEqual({ language: 'en', saved: [] });
  });

  it('as the time of a choice counts as long ago', () => {
    for (const chosenAt of ['NaN', '-1', '1e400', '', 'x']) {
      const language = answer({ cookie: `__Secure-postern.language=fr.${chosenAt}`, wish: wishes('ja') }).language;
      expect(language, chosenAt).toBe(chosenAt === '1e400' ? 'fr' : 'ja');
    }
  });
});
