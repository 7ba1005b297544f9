import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../app-error.ts';

/** Milliseconds. Other requests get their turn after so long. */
const turnMs = 10;

/** Milliseconds of deciding for one call. A thousand usual questions take a fiftieth of it. */
const longestMs = 1000;

/**
 * Decides one question after the other. Whoever writes policies and asks can make each as dear as the longest documents and names allow (some
 * milliseconds a policy), so others get their turn in between, and a call that takes too long ends in `RequestTooLarge`.
 */
export async function decideInTurns<Question, Answer>(
  questions: readonly Question[],
  decideOne: (question: Question) => Answer,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let spentMs = 0;
  let turnBegan = performance.now();
  for (const question of questions) {
    answers.push(decideOne(question));
    const tookMs = performance.now() - turnBegan;
    if (tookMs < turnMs) continue;
    spentMs += tookMs;
    if (spentMs > longestMs)
      throw new AppError('RequestTooLarge', 'This takes too long to decide at once; ask fewer questions in one call.');
    await nextTurn();
    turnBegan = performance.now();
  }
  return answers;
}
