/** A row of a file in comma-separated values. */
export interface CsvRow {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file that is no CSV: where, and why. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** One cell with the sign behind it: quoted, with quotes in it doubled, or plain. */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/**
 * Reads comma-separated values (RFC 4180): cells in quotes may hold commas, quotes (doubled) and line ends. Lines end as they like; a byte
 * order mark, which spreadsheets write, and empty lines are passed over. Throws `CsvFault`.
 */
export function parseCsv(text: string): CsvRow[] {
  const content = text.replace(/^\uFEFF/, '');
  const rows: CsvRow[] = [];
  let [cells, start, line]: [string[], number, number] = [[], 1, 1];
  cell.lastIndex = 0;
  while (cell.lastIndex < content.length || cells.length > 0) {
    const found = cell.exec(content);
    if (found === null) throw new CsvFault(line, 'A quote stands where none can be, or one is not closed.');
    const [whole, quoted, plain = '', end = ''] = found;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: start, cells });
    [cells, start] = [[], line];
    if (end === '') break;
  }
  return rows;
}

/** A cell that a spreadsheet would take for a formula is written as text. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The text that `csvLine` made harmless, as it was. */
export const unharmed = (text: string): string => text.replace(/^'(?=[=+\-@\t\r])/, '');

const written = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One line of comma-separated values for people, who open it in a spreadsheet. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((text) => written(harmless(text))).join(',')}\n`;
