import { createHmac } from 'node:crypto';
import { deriveKeys, type KeyRing } from '../../crypto/key-ring.ts';
import { hashToken } from '../../crypto/tokens.ts';
import { AppError } from '../../domain/app-error.ts';
import {
  claimIdempotencyKey,
  findStoredAnswer,
  type IdempotencyKey,
  keepAnswer,
  type StoredAnswer,
} from '../../domain/idempotency-keys-store.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Operation, OperationContext } from '../../domain/operation.ts';
import type { Answer, ApiRequest } from './api-request.ts';
import type { ApiCall, Route } from './route-types.ts';
import { type KeptAnswer, withoutSecrets } from './shown-once.ts';

/** Thrown out of a transaction that has nothing to do: the request was answered before. */
export class AnsweredBefore extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('this request was answered before');
    this.answer = answer;
  }
}

/**
 * What was asked, as it is kept for comparison. A request may hold passwords, so it takes the server's keys to try guesses at it. One for each key of
 * the ring, the first is written.
 */
const requestHashes = (keyRing: KeyRing, { path, query, body }: ApiRequest): string[] =>
  deriveKeys(keyRing, 'idempotent requests').map((key) =>
    createHmac('sha256', key)
      .update(JSON.stringify([path, query.toString(), body ?? null]))
      .digest('base64url'),
  );

function keyOf({ accountId, userId }: Caller, { idempotencyKey }: ApiRequest): IdempotencyKey | undefined {
  return idempotencyKey === undefined ? undefined : { accountId, userId, keyHash: hashToken(idempotencyKey) };
}

/**
 * The operation as a repetition needs it: the caller's right is looked at again, and nothing is prepared nor done, since what the first request
 * proved (an old password, a code) may be used up.
 */
export async function onceOnly<Input, Prepared, Output>(
  { deps, caller, request }: Pick<ApiCall, 'deps' | 'caller' | 'request'>,
  operation: Operation<Input, Prepared, Output>,
): Promise<Operation<Input, Prepared, Output>> {
  const key = keyOf(caller, request);
  if (key === undefined || (await findStoredAnswer(deps.db, key)) === undefined) return operation;
  return {
    ...operation,
    prepare: () => Promise.resolve(undefined as Prepared),
    perform: () => Promise.reject(inProgress()),
  };
}

const inProgress = (): AppError =>
  new AppError('IdempotentRequestInProgress', 'The first request under this key is not done yet.', {
    retryAfterSeconds: 1,
  });

/**
 * Runs a creation that the client gave a key, in its transaction: it happens once, and a repetition of the same request within a day ends in
 * `AnsweredBefore`. Of racing ones the later wait for the first; where that is refused nothing is kept, and one of them goes on.
 * Throws `IdempotencyKeyReused` for another request under the same key.
 */
export async function createOnce<Output>(
  { db, caller, keyRing }: Pick<OperationContext, 'db' | 'caller' | 'keyRing'>,
  { request, answer: schema }: { readonly request: ApiRequest; readonly answer: Route['answer'] },
  act: () => Promise<Output>,
  answerOf: (output: Output) => Answer,
): Promise<Output> {
  const key = keyOf(caller, request);
  if (key === undefined) return await act();
  const hashes = requestHashes(keyRing, request);
  if (!(await claimIdempotencyKey(db, key, hashes[0] ?? ''))) {
    const stored = await findStoredAnswer(db, key);
    if (stored === undefined) throw inProgress();
    throw new AnsweredBefore(replayOf(stored, hashes));
  }
  const output = await act();
  const { status, body, location = null } = answerOf(output);
  await keepAnswer(db, key, { status, answer: withoutSecrets(schema, body), location });
  return output;
}

function replayOf(stored: StoredAnswer, hashes: readonly string[]): Answer {
  if (!hashes.includes(stored.requestHash))
    throw new AppError('IdempotencyKeyReused', 'This idempotency key was used for another request; make a new one.');
  const { body, withheld } = stored.answer as KeptAnswer;
  return {
    status: stored.status as Answer['status'],
    ...(body === null ? {} : { body }),
    location: stored.location ?? undefined,
    replayed: { withheld },
  };
}
