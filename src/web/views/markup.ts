/**
 * HTML that a template has made. Output in templates escapes everything but this, so a partial can be placed with the plain
 * escaping tag, and raw output stays the privilege of layouts.
 */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text or number, safe as HTML text and inside a quoted attribute; an absent value is the empty text. Throws on all else. */
export function escapeMarkup(value: unknown): string {
  if (value instanceof Markup) return value.html;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new TypeError(`a template tried to output a value of type ${typeof value}`);
  }
  return String(value).replace(/[&<>"'`]/g, (character) => entities[character] ?? '');
}
