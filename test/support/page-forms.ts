/** A form of a page, as far as a browser without script would send it. */
export interface PageForm {
  readonly action: string;
  readonly method: 'GET' | 'POST';
  /** Names and initial values of the fields that are sent. */
  readonly fields: Readonly<Record<string, string>>;
  /** By `id`: what pressing a button adds. */
  readonly buttons: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The forms of a page of ours: plain markup, every attribute in double quotes. */
export const findForms = (html: string): PageForm[] =>
  [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', inside = '']) => ({
    action: attributeOf(attributes, 'action') ?? '',
    method: attributeOf(attributes, 'method')?.toUpperCase() === 'POST' ? 'POST' : 'GET',
    fields: fieldsOf(inside),
    buttons: buttonsOf(inside),
  }));

/** The text of the element with this id; undefined where there is none. */
export function textOf(html: string, id: string): string | undefined {
  const [, tag = '', rest = ''] = new RegExp(`<(\\w+)[^>]*\\sid="${id}"[^>]*>([\\s\\S]*)`).exec(html) ?? [];
  if (tag === '') return undefined;
  const inside = rest.slice(0, rest.indexOf(`</${tag}>`));
  return unescapeHtml(inside.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

/** An attribute of the element with this id; undefined where there is none. */
export function attributeOn(html: string, id: string, name: string): string | undefined {
  const tag = new RegExp(`<\\w+[^>]*\\sid="${id}"[^>]*>`).exec(html)?.[0];
  return tag === undefined ? undefined : attributeOf(tag, name);
}

const unescapeHtml = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

function attributeOf(attributes: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

function fieldsOf(inside: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, attributes = ''] of inside.matchAll(/<input\b([^>]*)>/g)) {
    const name = attributeOf(attributes, 'name');
    const isTicked = attributeOf(attributes, 'type') !== 'checkbox' || /\schecked\b/.test(attributes);
    if (name !== undefined && isTicked) fields[name] = attributeOf(attributes, 'value') ?? '';
  }
  return fields;
}

function buttonsOf(inside: string): Record<string, Record<string, string>> {
  const buttons: Record<string, Record<string, string>> = {};
  for (const [, attributes = ''] of inside.matchAll(/<button\b([^>]*)>/g)) {
    const [id, name] = [attributeOf(attributes, 'id'), attributeOf(attributes, 'name')];
    if (id !== undefined && attributeOf(attributes, 'type') !== 'button') {
      buttons[id] = name === undefined ? {} : { [name]: attributeOf(attributes, 'value') ?? '' };
    }
  }
  return buttons;
}
