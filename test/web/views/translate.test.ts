import { describe, expect, it } from 'vitest';
import type { Language } from '../../../src/web/views/languages.ts';
import { escapeMarkup, Markup } from '../../../src/web/views/markup.ts';
import { type Catalog, english, type MessageKey } from '../../../src/web/views/messages/catalog.ts';
import { createTranslate, type MessageValues } from '../../../src/web/views/translate.ts';
import { polyglot } from '../../support/hostile-page.ts';
import { allParts, messageParts } from '../../support/message-parts.ts';
import { pseudoCatalogs } from '../../support/pseudo-catalogs.ts';

const key = 'totp.title';

/** What a page shows of this message. */
function shown(message: string, values: MessageValues = {}, language: Language = 'en'): string {
  const catalog = { ...english, [key]: message } as Catalog;
  return escapeMarkup(createTranslate(language, catalog)(key, values));
}

describe('a message', () => {
  it('without anything in it is shown as it is', () => {
    expect(shown('It’s done – really')).toBe('It’s done – really');
  });

  it('has its values put in, escaped once', () => {
    expect(shown('Allow {app}?', { app: `<b> & "x"` })).toBe('Allow &lt;b&gt; &amp; &quot;x&quot;?');
  });

  it('is found by a wording that brings its own values', () => {
    const translate = createTranslate('en', { ...english, [key]: 'Hello, {name}' });
    expect(translate({ key, values: { name: 'Alice' } }, { name: 'Mallory' })).toBe('Hello, Alice');
  });

  it('counts by the rules of its language, and writes numbers as it does', () => {
    const russian = '{n, plural, one {# код} few {# кода} many {# кодов} other {# кода}}';
    expect([1, 3, 12, 21, 1200].map((n) => shown(russian, { n }, 'ru'))).toEqual([
      '1 код',
      '3 кода',
      '12 кодов',
      '21 код',
      '1\u00a0200 кодов',
    ]);
    expect(shown('{n, plural, one {#} other {#}}', { n: 1200 }, 'de')).toBe('1.200');
  });

  it.each([
    ['a value', 'Hello, {name}'],
    ['a count', '{n, plural, one {#} other {#}}'],
    ['the address of its link', 'See <a>there</a>'],
  ])('that lacks %s is a fault of ours, and shown to nobody', (_what, message) => {
    expect(() => shown(message)).toThrow();
  });

  it('that is not there is a fault of ours', () => {
    const translate = createTranslate('en', english);
    expect(() => translate('no.such-key' as MessageKey)).toThrow('no.such-key');
    expect(() => translate(polyglot as MessageKey)).toThrow();
  });
});

describe('tags of a message', () => {
  it('make markup, with names set apart from the sentence', () => {
    expect(shown('Go on to <b>{app}</b>, please', { app: 'Payroll' })).toBe(
      'Go on to <strong><bdi>Payroll</bdi></strong>, please',
    );
    expect(shown('Type <code>{text}</code>', { text: 'ab' })).toBe('Type <code><bdi>ab</bdi></code>');
  });

  it('inside others are kept', () => {
    expect(shown('<b>A <code>{x}</code></b>', { x: '1' })).toBe('<strong>A <code><bdi>1</bdi></code></strong>');
  });

  it('lead where the value says, and nowhere that could run script', () => {
    expect(shown('See <a>there</a>', { href: '/acme?a=1&b="2' })).toBe(
      'See <a href="/acme?a=1&amp;b=&quot;2">there</a>',
    );
    expect(shown('See <a>there</a>', { href: 'javascript:alert(1)' })).toBe('See <a href="#">there</a>');
  });

  it('come from messages alone: in a value they are text', () => {
    expect(shown('Hello, {name}', { name: '<b>Bob</b>' })).toBe('Hello, &lt;b&gt;Bob&lt;/b&gt;');
    expect(shown('<b>{name}</b>', { name: '<b>Bob</b>' })).toBe('<strong><bdi>&lt;b&gt;Bob&lt;/b&gt;</bdi></strong>');
  });

  it('leave markup made by a template alone', () => {
    expect(shown('Again in {time}.', { time: new Markup('<span>5 s</span>') })).toBe('Again in <span>5 s</span>.');
    expect(shown('{app} in {time}.', { app: '<i>', time: new Markup('<span></span>') })).toBe(
      '<bdi>&lt;i&gt;</bdi> in <span></span>.',
    );
  });
});

describe('names in a sentence that runs the other way', () => {
  it('are set apart wherever they could turn it', () => {
    expect(shown('Allow {app}?', { app: 'شركة' })).toBe('Allow \u2068شركة\u2069?');
    expect(shown('Allow {app}?', { app: '\u202eevil' })).toBe('Allow \u2068\u202eevil\u2069?');
    expect(shown('Allow {app}?', { app: 'Zoë 株式会社' })).toBe('Allow Zoë 株式会社?');
  });

  it('are always set apart in Arabic', () => {
    expect(shown('أهلا {name}!', { name: 'Alice' }, 'ar')).toBe('أهلا \u2068Alice\u2069!');
  });
});

describe.each(['en', 'de', 'ar'] as const)('every message in %s', (language) => {
  const catalog = pseudoCatalogs(language);
  const translate = createTranslate(language, catalog);
  const valuesOf = (message: string, text: string): MessageValues => {
    const names = allParts(messageParts(message)).flatMap((part): (readonly [string, string | number])[] => {
      if (part.kind === 'plural') return [[part.name, 3]];
      return part.kind === 'value' || part.kind === 'select' ? [[part.name, text]] : [];
    });
    return { ...Object.fromEntries(names), href: text };
  };

  it('can be shown, and shows hostile values as text', () => {
    for (const [name, message] of Object.entries(catalog) as [MessageKey, string][]) {
      const html = escapeMarkup(translate(name, valuesOf(message, polyglot)));
      expect(html, name).not.toMatch(/<(?!\/?(?:strong|code|bdi|a)\b)/);
      expect(html, name).not.toMatch(/<[a-z]+ (?!href="#")/);
    }
  });
});
