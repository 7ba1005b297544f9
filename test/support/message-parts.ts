import { IntlMessageFormat } from 'intl-messageformat';

/** What a message in ICU format consists of. */
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string; readonly format: string }
  | { readonly kind: 'count' }
  | { readonly kind: 'plural' | 'select'; readonly name: string; readonly options: Options }
  | { readonly kind: 'tag'; readonly name: string; readonly inside: readonly MessagePart[] };

type Options = Readonly<Record<string, readonly MessagePart[]>>;

/** As the parser gives it. */
interface Element {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
  readonly children?: readonly Element[];
}

/** By the parser's numbers. */
const kinds = ['text', 'value', 'number', 'date', 'time', 'select', 'plural', 'count', 'tag'] as const;

/** Throws where the message is none. */
export const messageParts = (message: string): MessagePart[] =>
  (new IntlMessageFormat(message, 'en').getAst() as unknown as readonly Element[]).map(partOf);

function partOf({ type, value = '', options = {}, children = [] }: Element): MessagePart {
  const kind = kinds[type];
  switch (kind) {
    case undefined:
      throw new Error(`the parser knows a part that we do not: ${type}`);
    case 'text':
      return { kind, text: value };
    case 'count':
      return { kind };
    case 'tag':
      return { kind, name: value, inside: children.map(partOf) };
    case 'plural':
    case 'select': {
      const inside = Object.entries(options).map(([name, option]) => [name, option.value.map(partOf)] as const);
      return { kind, name: value, options: Object.fromEntries(inside) };
    }
    default:
      return { kind: 'value', name: value, format: kind };
  }
}

/** All parts of a message, those inside of others too. */
export const allParts = (parts: readonly MessagePart[]): MessagePart[] =>
  parts.flatMap((part) => [part, ...allParts(insideOf(part))]);

function insideOf(part: MessagePart): readonly MessagePart[] {
  if (part.kind === 'tag') return part.inside;
  return part.kind === 'plural' || part.kind === 'select' ? Object.values(part.options).flat() : [];
}

/** The message again, with its texts as `write` has them. */
export const rewriteMessage = (message: string, write: (text: string) => string): string =>
  messageParts(message)
    .map((part) => written(part, write))
    .join('');

function written(part: MessagePart, write: (text: string) => string): string {
  const inner = (parts: readonly MessagePart[]): string => parts.map((one) => written(one, write)).join('');
  switch (part.kind) {
    case 'text':
      return write(part.text);
    case 'count':
      return '#';
    case 'value':
      return part.format === 'value' ? `{${part.name}}` : `{${part.name}, ${part.format}}`;
    case 'tag':
      return `<${part.name}>${inner(part.inside)}</${part.name}>`;
    default: {
      const options = Object.entries(part.options).map(([name, parts]) => `${name} {${inner(parts)}}`);
      return `{${part.name}, ${part.kind}, ${options.join(' ')}}`;
    }
  }
}
