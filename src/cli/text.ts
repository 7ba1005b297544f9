/** Names come from a server: nothing in them may steer the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');

/** `2026-03-01T09:30:12.345Z` -> `2026-03-01 09:30 UTC`: as much of a time as people look at. Anything else stays as it is. */
export const shortTime = (time: string | null | undefined): string | null =>
  time?.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/, '$1 $2 UTC') ?? null;

/** `/redirectUris/0` (RFC 6901) -> `redirectUris[0]`: the field as people name it. A fault of the whole names none. */
export function formatFault({ pointer, detail }: { readonly pointer: string; readonly detail: string }): string {
  const field = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^\d+$/.test(token) ? `[${token}]` : `.${token}`))
    .join('')
    .replace(/^\./, '');
  return field === '' ? detail : `${field}: ${detail}`;
}

/** Breaks a paragraph into lines as long as those of the help that is written by hand. */
export const wrapped = (text: string, width = 120): string =>
  text.replace(new RegExp(`(.{1,${width}})(?:\\s+|$)`, 'g'), '$1\n').trimEnd();

type Cell = string | number | boolean | null | undefined;

const cellText = (cell: Cell): string => (cell === null || cell === undefined ? '-' : printable(String(cell)));

/** Columns as wide as their widest cell, two spaces between, nothing after the last. */
export function formatTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows.map((row) => row.map(cellText))];
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return texts.map(line).join('\n');
}

/** `Name:  value` lines, the values in one column. */
export function formatFields(fields: readonly (readonly [name: string, value: Cell])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length)) + 1;
  return fields.map(([name, value]) => `${`${name}:`.padEnd(width)}  ${cellText(value)}`).join('\n');
}

interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Two lines for `formatFields`. */
export const formatAccessKey = ({ id, secret }: AccessKey) =>
  [
    ['Access key id', id],
    ['Access key secret', secret],
  ] as const;

interface Handover {
  readonly logonUrl: string;
  readonly logonName: string;
  readonly initialPassword?: string | undefined;
  readonly accessKey?: AccessKey | undefined;
}

/** What an administrator passes on to one person, in one piece. The password and the key's secret are shown this once. */
export function formatHandover({ logonUrl, logonName, initialPassword, accessKey }: Handover): string {
  return formatFields([
    ['Logon address', logonUrl],
    ['Logon name', logonName],
    ...(initialPassword === undefined ? [] : [['One-time password', initialPassword] as const]),
    ...(accessKey === undefined ? [] : formatAccessKey(accessKey)),
  ]);
}
