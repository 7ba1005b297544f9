import type { JsonSchema } from '../../web/api/openapi/json-schema.ts';
import { formatFields, formatTable, printable, shortTime } from '../text.ts';
import { kebabCase } from './fields.ts';
import { statementsText, statementText } from './statement-text.ts';

type Cell = string | number | boolean | null | undefined;

/** `passwordSetAt` -> `Password set at` */
export function labelOf(name: string): string {
  const words = kebabCase(name)
    .replaceAll('-', ' ')
    .replace(/\bmfa\b/g, 'MFA')
    .replace(/\burl\b/g, 'address');
  return printable(`${words.charAt(0).toUpperCase()}${words.slice(1)}`);
}

const inWords = (value: unknown): string | undefined => statementText(value) ?? statementsText(value);

const isScalar = (value: unknown): value is Cell => value === null || value === undefined || typeof value !== 'object';

function cellOf(value: unknown): Cell {
  if (typeof value === 'string') return shortTime(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isScalar(value)) return value;
  const words = inWords(value);
  if (words !== undefined) return words;
  if (Array.isArray(value) && value.length === 0) return null;
  if (Array.isArray(value)) return value.every(isScalar) ? value.map(String).join(', ') : String(value.length);
  return JSON.stringify(value);
}

/** What people look for first comes first: names, then what kind it is and how it stands; ids of many digits and times last. */
function rankOf(name: string): number {
  if (/^(?:id|name|alias)$|(?:Name|Alias)$/.test(name) && name !== 'displayName') return 0;
  if (name === 'displayName' || /^(?:action|time)$/.test(name)) return 1;
  if (/^(?:status|type|outcome)$|Type$/.test(name)) return 2;
  if (/^(?:createdAt|updatedAt)$/.test(name)) return 5;
  if (/(?:user|account)Id$/i.test(name)) return 6;
  return /^(?:is|default)/.test(name) ? 3 : 4;
}

/** Names of columns, the useful ones first: by the schema of an item, and by the items where that tells nothing. */
function columnsOf(item: JsonSchema, items: readonly unknown[]): string[] {
  const told = Object.entries(item.properties ?? {}).flatMap(([name, { type, $ref, properties }]) =>
    ($ref !== undefined && !$ref.endsWith('/StatementReference')) || properties !== undefined || type === 'object'
      ? []
      : [name],
  );
  const found = items.flatMap((one) =>
    one === null || typeof one !== 'object'
      ? []
      : Object.entries(one).flatMap(([name, value]) => (isScalar(value) || inWords(value) !== undefined ? [name] : [])),
  );
  const names = [...new Set(told.length > 0 ? told : found)];
  return names.toSorted((left, right) => rankOf(left) - rankOf(right));
}

/** A list as a table no wider than the screen: columns that do not fit are left out from the end, and named in `left`. */
export function presentList(
  item: JsonSchema,
  items: readonly unknown[],
  width: number | undefined,
): { readonly table: string; readonly left: readonly string[] } {
  const names = columnsOf(item, items);
  const rows = items.map((one) => names.map((name) => cellOf((one as Record<string, unknown> | null)?.[name])));
  const heads = names.map((name) => labelOf(name).toUpperCase());
  let count = names.length;
  const tableOf = (columns: number) =>
    formatTable(
      heads.slice(0, columns),
      rows.map((row) => row.slice(0, columns)),
    );
  const fits = (table: string) => table.split('\n').every((line) => width === undefined || line.length <= width);
  while (count > 1 && !fits(tableOf(count))) count -= 1;
  return { table: tableOf(count), left: names.slice(count) };
}

/** JSON to read. The line ends are ours. */
const document = (value: unknown): string => JSON.stringify(value, null, 2).split('\n').map(printable).join('\n');

type Line = readonly [name: string, value: Cell];

/** One thing as labelled lines, what it is made of in its place; lists within it as tables, documents as they are. */
export function presentThing(answer: unknown): string {
  if (isScalar(answer) || Array.isArray(answer)) return document(answer);
  const lines: Line[] = [];
  const blocks: string[] = [];
  collect('', answer as Record<string, unknown>, { lines, blocks });
  return [...(lines.length > 0 ? [formatFields(lines)] : []), ...blocks].join('\n\n');
}

interface Parts {
  readonly lines: Line[];
  readonly blocks: string[];
}

function collect(owner: string, thing: Readonly<Record<string, unknown>>, parts: Parts): void {
  for (const [name, value] of Object.entries(thing)) {
    const label = labelOf(owner !== '' && /^(?:id|secret|status)$/.test(name) ? `${owner}${labelOf(name)}` : name);
    if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) addOnce(parts.lines, label, cellOf(value));
    else if (Array.isArray(value)) parts.blocks.push(`${label}:\n${presentList({}, value, undefined).table}`);
    else if (/document$/i.test(name)) parts.blocks.push(`${label}:\n${document(value)}`);
    else collect(name, value as Record<string, unknown>, parts);
  }
}

/** What is told twice alike (`logonName` beside the user that has it) is shown once. */
function addOnce(lines: Line[], label: string, value: Cell): void {
  if (!lines.some(([known, shown]) => known === label && shown === value)) lines.push([label, value]);
}
