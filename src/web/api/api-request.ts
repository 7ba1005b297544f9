import type { Readable } from 'node:stream';

/** What `If-Match` and `If-None-Match` ask of a change (RFC 9110 section 13). */
export interface Precondition {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** A request as the routes see it. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when none was sent. */
  readonly body: unknown;
  /** The path, for `Location`. */
  readonly path: string;
  readonly precondition: Precondition;
  /** The client's name for a creation that must happen once. */
  readonly idempotencyKey: string | undefined;
  /** By its `Accept`, the client would rather have a list whole, in the form its route has for that. */
  readonly prefersWhole: boolean;
}

export interface Answer {
  readonly status: 200 | 201 | 204;
  readonly body?: unknown;
  /** In place of a body: sent as the client takes it. */
  readonly stream?: { readonly mediaType: string; readonly chunks: Readable };
  readonly location?: string | undefined;
  /** Set where the answer repeats an earlier one, with the JSON Pointers of the secrets it does not repeat. */
  readonly replayed?: { readonly withheld: readonly string[] };
}

/** How the parts of a request make up the operation's input, beside the path's placeholders. */
export interface RequestShape {
  /** The field of the input that the placeholders stand in (`user` for `{ user: { userName } }`); without it they stand at the top. */
  readonly paramsIn?: string;
  /** The field of the input that the body is (`changes`), or `''` when the body's fields stand at the top beside the placeholders. */
  readonly body?: string;
  /** The body is one thing or an array of them; the input's field `body` is the array. */
  readonly oneOrMany?: boolean;
  /** Bytes that the body may have, where the usual limit does not do. */
  readonly bodyLimit?: number;
  /** PUT that makes the thing where it is not there yet; takes `If-None-Match: *`. */
  readonly creates?: boolean;
  /** Fields of the input that the address alone decides. */
  readonly given?: Readonly<Record<string, unknown>>;
}
