import { randomUUID } from 'node:crypto';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { CliFailure } from '../failure.ts';

const head = z.object({
  contentHash: z.string(),
  issuer: z.string(),
  /** Who imports: what the server remembers of a request it remembers for its caller. */
  userId: z.string(),
  /** Tells this import of the file from another one, after somebody removed the journal. */
  runId: z.string(),
  startedAt: z.string(),
});

const createdUser = z.object({ userName: z.string(), userId: z.string(), logonName: z.string() });

const entry = z.union([
  /** About to be sent, with the passwords that were generated for it. */
  z.object({ sending: z.int(), at: z.string(), passwords: z.array(z.string().nullable()) }),
  z.object({ created: z.int(), users: z.array(createdUser) }),
  z.object({ grouped: z.int() }),
  z.object({ finished: z.int(), at: z.string() }),
]);

type Head = z.infer<typeof head>;
export type CreatedUser = z.infer<typeof createdUser>;

/** How far a batch has come. */
export interface BatchState {
  readonly sentAt: string;
  /** In the order of its rows; null where the file has a password or a hash. */
  readonly passwords: readonly (string | null)[];
  readonly users?: readonly CreatedUser[];
  readonly grouped?: boolean;
}

/** What an import has done so far; it holds generated passwords until the end. */
export interface Journal {
  readonly file: string;
  readonly head: Head;
  readonly batches: ReadonlyMap<number, BatchState>;
  /** When all was done, if it was. */
  readonly finishedAt: string | undefined;
  /** Each is on the disk when it resolves: a killed process has forgotten nothing that the server knows. */
  readonly noteSending: (batch: number, passwords: readonly (string | null)[]) => Promise<void>;
  readonly noteCreated: (batch: number, users: readonly CreatedUser[]) => Promise<void>;
  readonly noteGrouped: (batch: number) => Promise<void>;
  /** Keeps that it was done, and no password. */
  readonly finish: (count: number) => Promise<void>;
}

export const journalFileOf = (file: string): string => `${file}.import`;

/** Goes on with the journal of a file, or begins one. Throws where it is of another file, another server or another caller. */
export async function openJournal(
  file: string,
  { contentHash, issuer, userId }: Pick<Head, 'contentHash' | 'issuer' | 'userId'>,
): Promise<Journal> {
  const known = await readLines(file);
  const [first, ...rest] = known ?? [];
  if (first === undefined) {
    const begun: Head = { contentHash, issuer, userId, runId: randomUUID(), startedAt: new Date().toISOString() };
    await writeWhole(file, `${JSON.stringify(begun)}\n`);
    return journalOf(file, begun, []);
  }
  const read = head.safeParse(first);
  const entries = z.array(entry).safeParse(rest);
  if (!read.success || !entries.success) throw new CliFailure(`${file} is no journal of an import.`);
  requireSame(file, read.data, { contentHash, issuer, userId });
  // What stands behind the last whole line was being written when the process was killed.
  await writeWhole(file, (known ?? []).map((line) => `${JSON.stringify(line)}\n`).join(''));
  return journalOf(file, read.data, entries.data);
}

function requireSame(file: string, known: Head, now: Pick<Head, 'contentHash' | 'issuer' | 'userId'>): void {
  const differs = [
    ...(known.contentHash === now.contentHash ? [] : ['the file has been changed since']),
    ...(known.issuer === now.issuer ? [] : [`it went to ${known.issuer}`]),
    ...(known.userId === now.userId ? [] : ['somebody else began it']),
  ];
  if (differs.length === 0) return;
  throw new CliFailure(`An import of this file was begun, but ${differs.join(' and ')}.`, {
    code: 'ImportDiffers',
    details: [`Put things back and run it again to go on, or remove ${file} to begin anew.`],
  });
}

function journalOf(file: string, begun: Head, entries: readonly z.infer<typeof entry>[]): Journal {
  const batches = new Map<number, BatchState>();
  let finishedAt: string | undefined;
  const take = (one: z.infer<typeof entry>): void => {
    if ('sending' in one) batches.set(one.sending, { sentAt: one.at, passwords: one.passwords });
    else if ('finished' in one) finishedAt = one.at;
    else {
      const batch = 'created' in one ? one.created : one.grouped;
      const before = batches.get(batch) ?? { sentAt: begun.startedAt, passwords: [] };
      batches.set(batch, { ...before, ...('created' in one ? { users: one.users } : { grouped: true }) });
    }
  };
  for (const one of entries) take(one);
  const note = async (one: z.infer<typeof entry>): Promise<void> => {
    await append(file, `${JSON.stringify(one)}\n`);
    take(one);
  };
  const now = () => new Date().toISOString();
  return {
    file,
    head: begun,
    batches,
    finishedAt,
    noteSending: (batch, passwords) => note({ sending: batch, at: now(), passwords: [...passwords] }),
    noteCreated: (batch, users) => note({ created: batch, users: [...users] }),
    noteGrouped: (batch) => note({ grouped: batch }),
    finish: (count) =>
      writeWhole(file, [begun, { finished: count, at: now() }].map((one) => `${JSON.stringify(one)}\n`).join('')),
  };
}

/** Whole lines only; undefined where there is no such file. */
async function readLines(file: string): Promise<unknown[] | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    throw new CliFailure(`Others can read ${file}, which holds passwords. Run "chmod 600 ${file}".`);
  try {
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    throw new CliFailure(`${file} is no journal of an import.`);
  }
}

async function append(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.writeFile(line);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Written aside and moved, for its owner alone. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
