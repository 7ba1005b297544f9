import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * Passes a long result on as it comes, to the terminal or to a file for its owner alone. The file is there when it is whole; an earlier one
 * of the name is replaced.
 */
export async function writeOutput(
  terminal: Terminal,
  file: string | undefined,
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  if (file === undefined) {
    for await (const chunk of chunks) await terminal.write(chunk);
    return;
  }
  const aside = `${file}.new`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(aside, { mode: 0o600, flush: true }));
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    if (error instanceof CliFailure) throw error;
    throw new CliFailure(`${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`);
  }
}
