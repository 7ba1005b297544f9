import { IntlMessageFormat } from 'intl-messageformat';
import { type Language, languages } from './languages.ts';
import { escapeMarkup, Markup } from './markup.ts';
import type { Catalog, MessageKey } from './messages/catalog.ts';
import { safeHref } from './safe-href.ts';

/** What stands in the placeholders of a message. A `href` is where its `<a>` leads. */
export type MessageValues = Readonly<Record<string, string | number | Date | Markup>>;

/** A message to be shown in whatever language the page will have. */
export type Wording = MessageKey | { readonly key: MessageKey; readonly values: MessageValues };

/** Text, or markup where the message or one of its values has any; both are safe behind `<%= %>`. */
export type Translate = (wording: Wording, values?: MessageValues) => string | Markup;

type Chunks = (string | Markup)[];

const joined = (chunks: Chunks): string => chunks.map((chunk) => escapeMarkup(chunk)).join('');

/** The tags that a message may use. */
const tags = (values: MessageValues) => ({
  b: (chunks: Chunks) => new Markup(`<strong>${joined(chunks)}</strong>`),
  code: (chunks: Chunks) => new Markup(`<code>${joined(chunks)}</code>`),
  a: (chunks: Chunks) => {
    if (values['href'] === undefined) throw new Error('a message has a link, and no value says where it leads');
    return new Markup(`<a href="${escapeMarkup(safeHref(values['href']))}">${joined(chunks)}</a>`);
  },
});

const hasTags = (message: string): boolean => /<(?:b|code|a)>/.test(message);
const isPlain = (message: string): boolean => !/[{<']/.test(message);

/** Letters of scripts that are written from right to left, and controls of direction. */
const turning =
  /[\u0590-\u08ff\u200e-\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Names of people and apps are written in whatever direction: they must not turn the sentence around them (Unicode TR 9, FSI and PDI). */
const isolated = (text: string): string => `\u2068${text}\u2069`;

/** Translates by a catalog of messages in ICU's format. Messages are parsed when they are first wanted. */
export function createTranslate(language: Language, catalog: Catalog): Translate {
  const parsed = new Map<string, IntlMessageFormat>();
  const parse = (message: string): IntlMessageFormat => {
    const known = parsed.get(message) ?? new IntlMessageFormat(message, language);
    parsed.set(message, known);
    return known;
  };
  const isRtl = languages[language].direction === 'rtl';
  const plainValue = (value: unknown) =>
    typeof value === 'string' && (isRtl || turning.test(value)) ? isolated(value) : value;
  const markupValue = (value: unknown) =>
    typeof value === 'string' ? new Markup(`<bdi>${escapeMarkup(value)}</bdi>`) : value;

  return (wording, given = {}) => {
    const { key, values } = typeof wording === 'string' ? { key: wording, values: given } : wording;
    const message = catalog[key];
    if (message === undefined) throw new Error(`there is no message ${String(key)}`);
    if (isPlain(message)) return message;
    const isMarkup = hasTags(message) || Object.values(values).some((value) => value instanceof Markup);
    const dress = isMarkup ? markupValue : plainValue;
    const dressed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, dress(value)]));
    const result: unknown = parse(message).format<string | Markup>({
      ...dressed,
      ...(isMarkup && tags(values)),
    } as never);
    if (!isMarkup) return String(result);
    return new Markup(joined(Array.isArray(result) ? (result as Chunks) : [result as string | Markup]));
  };
}
