import { expect, test } from 'vitest';
import { systemFault } from '../../src/cli/failure.ts';
import { wrapped } from '../../src/cli/text.ts';

test('long paragraphs of the help are broken between words, no word is lost and none is cut', () => {
  const address = 'x'.repeat(150);
  const text = `${'word '.repeat(60)}${address} end`;
  const lines = wrapped(text).split('\n');
  expect(lines.filter((line) => line.length > 120)).toEqual([address]);
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
});

test('what the machine says of a file does not name it again', () => {
  expect(systemFault(new Error("ENOENT: no such file or directory, open '/x/it''s here'"))).toBe(
    'ENOENT: no such file or directory',
  );
  expect(systemFault(new Error('EISDIR: illegal operation on a directory, read'))).toBe(
    'EISDIR: illegal operation on a directory',
  );
  expect(systemFault('odd')).toBe('odd');
});
