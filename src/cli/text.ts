/** Names come from a server: nothing in them may steer the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');

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

interface Handover {
  readonly logonUrl: string;
  readonly logonName: string;
  readonly initialPassword?: string | undefined;
  readonly accessKey?: { readonly id: string; readonly secret: string } | undefined;
}

/** What an administrator passes on to one person, in one piece. The password and the key's secret are shown this once. */
export function formatHandover({ logonUrl, logonName, initialPassword, accessKey }: Handover): string {
  return formatFields([
    ['Logon address', logonUrl],
    ['Logon name', logonName],
    ...(initialPassword === undefined ? [] : [['One-time password', initialPassword] as const]),
    ...(accessKey === undefined
      ? []
      : [['Access key id', accessKey.id] as const, ['Access key secret', accessKey.secret] as const]),
  ]);
}
