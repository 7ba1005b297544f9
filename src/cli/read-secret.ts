import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { Writable } from 'node:stream';
import { usageFailure } from './failure.ts';

/**
 * Reads one line from standard input: from a pipe or file as it stands, on a terminal with a question and without echo.
 * Secrets come this way and never as arguments, which others on the machine can see.
 */
export async function readSecretLine(
  input: ReadStream | NodeJS.ReadableStream,
  prompt: NodeJS.WritableStream,
  question: string,
): Promise<string> {
  const isTerminal = 'isTTY' in input && input.isTTY;
  if (isTerminal) prompt.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
    if (isTerminal) prompt.write('\n');
  }
  throw usageFailure('Nothing to read on standard input.');
}
