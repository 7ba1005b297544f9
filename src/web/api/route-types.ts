import type { z } from 'zod';
import type { ErrorCode } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Operation, OperationContext, OperationDeps } from '../../domain/operation.ts';
import type { Answer, ApiRequest, RequestShape } from './api-request.ts';
import type { WholeForm } from './whole-form.ts';

/** A request on its way to its operation. */
export interface ApiCall {
  readonly deps: OperationDeps;
  readonly caller: Caller;
  readonly request: ApiRequest;
  readonly guardedBy: Route | undefined;
}

/** Values to show, and to try: placeholders are filled by `parameter-examples.ts`. */
interface RouteExample {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Only where what the answer's schema yields would mislead. */
  readonly answer?: unknown;
}

export interface RouteTexts extends RequestShape {
  /** A few words that begin with a verb: `Change a user`. */
  readonly summary: string;
  /** What one must know beyond the summary; Markdown. */
  readonly description?: string;
  /** Refusals of its own, beside those that any request can meet (see `openapi/error-answers.ts`). */
  readonly refuses?: readonly ErrorCode[];
  /** A paged list that can be had whole, in another form (`format`, or by `Accept`). */
  readonly wholeAs?: WholeForm;
  readonly example?: RouteExample;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route extends RouteTexts {
  readonly method: Method;
  readonly path: string;
  readonly operation: Pick<Operation<unknown, unknown, unknown>, 'name' | 'action' | 'effect'>;
  readonly input: z.ZodType;
  readonly status: Answer['status'];
  readonly answer: z.ZodType | undefined;
  /** Names of the parameters that the query may have. */
  readonly queryNames: readonly string[];
  /** GET of one thing: its state has a name. */
  readonly hasEtag: boolean;
  readonly tellsLocation: boolean;
  readonly takesIdempotencyKey: boolean;
  /** Of a change: the GET at the same address, whose ETag `If-Match` names. */
  readonly guardedBy?: Route;
  handle(call: ApiCall): Promise<Answer>;
  /** Of GET: the answer's body as it is within a transaction under way. */
  represent(context: OperationContext, request: ApiRequest): Promise<unknown>;
}

/** Routes that stand under one heading of the document. */
export interface RouteGroup {
  readonly tag: string;
  readonly description: string;
  readonly routes: readonly Route[];
}
