import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvFault, csvLine, parseCsv, unharmed } from '../../../src/cli/import/csv.ts';

const cellsOf = (text: string): (readonly string[])[] => parseCsv(text).map(({ cells }) => cells);

test.each([
  [
    'plain cells',
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['no line end behind the last', 'a,b', [['a', 'b']]],
  ['line ends of other systems, and a byte order mark', '\uFEFFa\r\nb\rc', [['a'], ['b'], ['c']]],
  ['quoted commas, quotes and line ends', '"a,b","say ""no""","1\n2"', [['a,b', 'say "no"', '1\n2']]],
  [
    'empty cells',
    ',\n,b',
    [
      ['', ''],
      ['', 'b'],
    ],
  ],
  ['an empty cell at the very end', 'a,', [['a', '']]],
  ['empty lines', 'a\n\n\nb\n', [['a'], ['b']]],
  ['nothing', '', []],
])('%s', (_name, text, rows) => {
  expect(cellsOf(text)).toEqual(rows);
});

test('a row knows the line that it begins in', () => {
  expect(parseCsv('a\n"1\n2"\n\nb').map(({ line }) => line)).toEqual([1, 2, 5]);
});

test.each([
  ['a quote that is not closed', 'a\n"b', 2],
  ['a quote in the middle of a cell', 'a\nb"c"', 2],
  ['text behind a quoted cell', '"a"b', 1],
])('%s is told with its line', (_name, text, line) => {
  expect(() => parseCsv(text)).toThrow(CsvFault);
  try {
    parseCsv(text);
  } catch (error) {
    expect(error).toMatchObject({ line });
  }
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), (cells) => {
      expect(cellsOf(csvLine(cells))).toEqual([cells.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text))]);
    }),
  );
});

test.each(['=1+1', '+49', '-1', '@x'])('%s is no formula in a spreadsheet, and itself again when read back', (text) => {
  const [[cell = ''] = []] = cellsOf(csvLine([text]));
  expect(cell).toBe(`'${text}`);
  expect(unharmed(cell)).toBe(text);
});

test('hostile text is read in a time that grows with its length alone', () => {
  const text = `${'"",'.repeat(50_000)}"`;
  expect(() => parseCsv(text)).toThrow(CsvFault);
  expect(parseCsv('a,'.repeat(50_000))[0]?.cells).toHaveLength(50_001);
});
