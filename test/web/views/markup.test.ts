import { describe, expect, it } from 'vitest';
import { escapeMarkup, Markup } from '../../../src/web/views/markup.ts';

describe('escapeMarkup', () => {
  it('leaves no character that ends a text or an attribute', () => {
    expect(escapeMarkup(`<a b="c" d='e' f=\`g\`>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39; f=&#96;g&#96;&gt;&amp;');
  });

  it('escapes what is escaped already once more, so that text is shown as it was given', () => {
    expect(escapeMarkup('&lt;')).toBe('&amp;lt;');
  });

  it('passes markup made by a partial', () => {
    expect(escapeMarkup(new Markup('<b>bold</b>'))).toBe('<b>bold</b>');
  });

  it('takes nothing for markup that only looks like it', () => {
    expect(() => escapeMarkup({ html: '<b>bold</b>' })).toThrow(TypeError);
  });

  it.each([
    [undefined, ''],
    [null, ''],
    [0, '0'],
    [false, 'false'],
  ])('writes %j as %j', (value, text) => {
    expect(escapeMarkup(value)).toBe(text);
  });
});
