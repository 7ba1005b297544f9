import { createHash } from 'node:crypto';
import { z } from 'zod';
import { generatePassword } from '../../crypto/generated-passwords.ts';
import { callApi, type ManagementApi } from '../client/management-api.ts';
import { ServerRefusal } from '../client/requests.ts';
import { CliFailure } from '../failure.ts';
import type { ImportedUser } from './import-file.ts';
import type { BatchState, CreatedUser, Journal } from './journal.ts';
import { callPatiently } from './patient-calls.ts';

/** The server's limit of one creation, which is all or nothing. */
const batchSize = 100;

const userAnswer = z.looseObject({
  userName: z.string(),
  userId: z.string(),
  logonName: z.string(),
  createdAt: z.string(),
});
const createdAnswer = z.looseObject({ items: z.array(z.looseObject({ user: userAnswer })) });
const policyAnswer = z.looseObject({ minimumPasswordLength: z.int().optional() });

export interface Import {
  readonly api: ManagementApi;
  readonly users: readonly ImportedUser[];
  readonly journal: Journal;
  /** Called after each batch with how many users are done in all. */
  readonly onProgress: (done: number) => void;
  /** Saves what is to be handed over: after it the journal forgets the passwords. */
  readonly beforeFinish: () => Promise<void>;
}

export const batchesOf = (users: readonly ImportedUser[]): ImportedUser[][] =>
  Array.from({ length: Math.ceil(users.length / batchSize) }, (_, batch) =>
    users.slice(batch * batchSize, (batch + 1) * batchSize),
  );

/**
 * Creates the users of a file, batch by batch. What the journal knows as done is passed over. A batch that was under way when an earlier run
 * ended is sent again as it was, under the same idempotency key: the server creates it once.
 */
export async function runImport(work: Import): Promise<void> {
  const leastLength = await leastPasswordLength(work.api);
  let done = 0;
  for (const [batch, users] of batchesOf(work.users).entries()) {
    if (work.journal.batches.get(batch)?.users === undefined) await createBatch(work, batch, users, leastLength);
    if (work.journal.batches.get(batch)?.grouped !== true) await joinGroups(work, batch, users);
    done += users.length;
    work.onProgress(done);
  }
  await work.beforeFinish();
  await work.journal.finish(done);
}

async function createBatch(work: Import, batch: number, users: readonly ImportedUser[], leastLength: number) {
  const { api, journal } = work;
  const pending = journal.batches.get(batch);
  // Generated here and not by the server: an answer that gets lost would take passwords along that nobody could tell any more.
  if (pending === undefined) {
    const passwords = users.map(({ userName, needsPassword }) =>
      needsPassword ? newPassword(userName, leastLength) : null,
    );
    await journal.noteSending(batch, passwords);
  }
  const { passwords = [], sentAt = '' } = journal.batches.get(batch) ?? {};
  const body = users.map(({ input }, at) => withPassword(input, passwords[at] ?? null));
  const request = { method: 'POST', path: ['users'], body, idempotencyKey: keyOf(journal, batch) } as const;
  try {
    const { items } = createdAnswer.parse(await callPatiently(api, request));
    await journal.noteCreated(
      batch,
      items.map(({ user }) => outline(user)),
    );
  } catch (error) {
    const adopted = pending === undefined ? undefined : await findOwnWork(api, users, { error, sentAt });
    if (adopted === undefined) throw tellingLines(error, users);
    await journal.noteCreated(batch, adopted);
  }
}

const outline = ({ userName, userId, logonName }: z.infer<typeof userAnswer>): CreatedUser => ({
  ...{ userName, userId, logonName },
});

/** The same for each attempt at a batch of this run, and for nothing else. */
const keyOf = ({ head: { contentHash, runId } }: Journal, batch: number): string =>
  createHash('sha256').update(`${contentHash} ${runId} ${batch}`).digest('hex');

function newPassword(userName: string, leastLength: number): string {
  let password = generatePassword(leastLength);
  while (password.toLowerCase().includes(userName.toLowerCase())) password = generatePassword(leastLength);
  return password;
}

const withPassword = (input: ImportedUser['input'], password: string | null): object =>
  password === null ? input : { ...input, consoleLogon: { ...input.consoleLogon, password } };

/**
 * The server remembers a request for a day. When it is sent again later and every user of it is there already, made since it was first sent,
 * then it had been done: it is all or nothing.
 */
async function findOwnWork(
  api: ManagementApi,
  users: readonly ImportedUser[],
  { error, sentAt }: { error: unknown; sentAt: string },
): Promise<CreatedUser[] | undefined> {
  if (!(error instanceof ServerRefusal) || error.code !== 'EntityAlreadyExists.User') return undefined;
  if (error.faults.length < users.length) return undefined;
  const clockSkewMs = 5 * 60_000;
  const found: CreatedUser[] = [];
  for (const { userName } of users) {
    const user = userAnswer.parse(await callPatiently(api, { method: 'GET', path: ['users', userName] }));
    if (Date.parse(user.createdAt) < Date.parse(sentAt) - clockSkewMs) return undefined;
    found.push(outline(user));
  }
  return found;
}

/** `/3/email` -> the line of the file. */
function tellingLines(error: unknown, users: readonly ImportedUser[]): unknown {
  if (!(error instanceof ServerRefusal) || error.faults.length === 0) return error;
  const details = error.faults.map(({ pointer, detail }) => {
    const [, at = '', ...field] = pointer.split('/');
    const line = users[Number(at)]?.line;
    return line === undefined ? detail : `line ${line}: ${field.at(-1) ?? ''}: ${detail}`;
  });
  return new CliFailure(error.message, { code: error.code, details });
}

/** Joining twice changes nothing, so what was under way is simply done again. */
async function joinGroups({ api, journal }: Import, batch: number, users: readonly ImportedUser[]): Promise<void> {
  for (const { userName, groups } of users) {
    for (const group of groups) await callPatiently(api, { method: 'PUT', path: ['groups', group, 'users', userName] });
  }
  await journal.noteGrouped(batch);
}

/** How long passwords must be here; 0 where the caller may not know. */
async function leastPasswordLength(api: ManagementApi): Promise<number> {
  const found = await callApi(api, { method: 'GET', path: ['account', 'password-policy'] }).catch(() => undefined);
  return policyAnswer.safeParse(found).data?.minimumPasswordLength ?? 0;
}

/** A batch that the journal knows as created, with its generated passwords. */
export const isCreated = (state: BatchState | undefined): state is BatchState & { users: readonly CreatedUser[] } =>
  state?.users !== undefined;
