import { Readable } from 'node:stream';
import { z } from 'zod';
import { parseInput } from '../../domain/input-faults.ts';
import type { Answer, ApiRequest } from './api-request.ts';
import type { ApiCall } from './route-types.ts';
import type { Page, WholeForm } from './whole-form.ts';

/** The most that a page can have: what is in memory at a time. */
const itemsPerPage = 1000;

/** Answers a list as it is asked for: a page of it, or all of it. */
export async function orWhole(
  form: WholeForm,
  call: ApiCall,
  handle: (call: ApiCall) => Promise<Answer>,
): Promise<Answer> {
  const { isWhole, request } = readFormat(form, call.request);
  if (!isWhole) return await handle({ ...call, request });
  // Long after the caller was let in, so what was found of them then says nothing of later pages.
  const caller = { ...call.caller, userRevision: undefined };
  return await answerWhole(form, request, (page) => handle({ ...call, caller, request: page }));
}

/** Whether a whole list is asked for (by `format`, else by `Accept`), and the request without that wish. */
function readFormat(form: WholeForm, request: ApiRequest): { readonly isWhole: boolean; readonly request: ApiRequest } {
  const format = request.query.get('format');
  if (format === null) return { isWhole: request.prefersWhole, request };
  const query = new URLSearchParams(request.query);
  query.delete('format', format);
  const { format: read } = parseInput(z.object({ format: z.enum(['json', form.format]) }), { format });
  return { isWhole: read === form.format, request: { ...request, query } };
}

/**
 * Answers a whole list, one page after the other: the next is looked up when the client has taken the one before, each is authorised
 * anew, and no transaction stays open for a slow client. The first is looked up before anything is sent, so that a refusal is told as any other.
 */
async function answerWhole(
  form: WholeForm,
  request: ApiRequest,
  load: (request: ApiRequest) => Promise<Answer>,
): Promise<Answer> {
  const pageAfter = async (cursor: string | undefined): Promise<Page> => {
    const query = new URLSearchParams(request.query);
    query.set('limit', String(itemsPerPage));
    if (cursor !== undefined) query.set('cursor', cursor);
    return (await load({ ...request, query })).body as Page;
  };
  const first = await pageAfter(undefined);
  return { status: 200, stream: { mediaType: form.mediaType, chunks: Readable.from(textOf(form, first, pageAfter)) } };
}

async function* textOf(
  { head, line }: WholeForm,
  first: Page,
  pageAfter: (cursor: string) => Promise<Page>,
): AsyncGenerator<string, void, undefined> {
  if (head !== undefined) yield head(first);
  let page: Page | undefined = first;
  while (page !== undefined) {
    const { items, nextCursor }: Page = page;
    // An empty chunk would end the stream.
    if (items.length > 0) yield items.map((item) => line(item, first)).join('');
    page = nextCursor === undefined ? undefined : await pageAfter(nextCursor);
  }
}
