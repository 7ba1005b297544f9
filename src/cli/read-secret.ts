import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { Writable } from 'node:stream';
import { usageFailure } from './failure.ts';

type Input = ReadStream | NodeJS.ReadableStream;

const nothingToRead = () => usageFailure('Nothing to read on standard input.');

/**
 * Reads lines from standard input, one a call: from a pipe or file as they stand, on a terminal each with a question and without echo.
 * Secrets come this way and never as arguments, which others on the machine can see.
 */
export function createSecretReader(input: Input, prompt: NodeJS.WritableStream): (question: string) => Promise<string> {
  if ('isTTY' in input && input.isTTY) return (question) => askOnTerminal(input, prompt, question);
  // One reader for all calls: what came in one piece with the first line belongs to the next.
  let nextLine: (() => Promise<IteratorResult<string, unknown>>) | undefined;
  return async () => {
    nextLine ??= lineReader(input);
    const next = await nextLine();
    if (next.done === true) throw nothingToRead();
    return next.value;
  };
}

/** An open pipe that nobody reads from at the moment does not hold up the end of the process: it is paused in between. */
function lineReader(input: Input): () => Promise<IteratorResult<string, unknown>> {
  const source = createInterface({ input, terminal: false });
  const lines = source[Symbol.asyncIterator]();
  let open = true;
  source.once('close', () => {
    open = false;
  });
  return async () => {
    if (open) source.resume();
    const next = await lines.next();
    if (open) source.pause();
    return next;
  };
}

async function askOnTerminal(input: Input, prompt: NodeJS.WritableStream, question: string): Promise<string> {
  prompt.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
    prompt.write('\n');
  }
  throw nothingToRead();
}
