import type { Context } from 'koa';
import { etagOf, matchesWeakly } from './etag.ts';
import { jsonType } from './openapi/openapi.ts';
import type { Answer } from './api-request.ts';
import type { Route } from './route-types.ts';

/** Writes an answer; that of one thing with its ETag, and without its body where the client has it already. */
export function sendAnswer(ctx: Context, { hasEtag }: Pick<Route, 'hasEtag'>, answer: Answer): void {
  if (answer.location !== undefined) ctx.set('Location', answer.location);
  if (answer.replayed !== undefined) ctx.set(replayHeaders(answer.replayed));
  ctx.status = answer.status;
  if (answer.stream !== undefined) {
    ctx.body = answer.stream.chunks;
    ctx.type = answer.stream.mediaType;
    return;
  }
  if (answer.body === undefined) return;
  const text = JSON.stringify(answer.body);
  if (hasEtag) {
    const etag = etagOf(text);
    ctx.set('ETag', etag);
    if (matchesWeakly(ctx.get('If-None-Match'), etag)) {
      ctx.status = 304;
      return;
    }
  }
  ctx.body = text;
  ctx.type = jsonType;
}

const replayHeaders = ({ withheld }: NonNullable<Answer['replayed']>): Record<string, string> => ({
  'Idempotent-Replayed': 'true',
  ...(withheld.length > 0 ? { 'Withheld-Secrets': withheld.map((pointer) => `"${pointer}"`).join(', ') } : {}),
});
