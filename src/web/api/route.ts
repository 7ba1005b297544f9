import { AppError, type FieldFault } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import { type Operation, type OperationDeps, performOperation } from '../../domain/operation.ts';

/** A request as the routes see it. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when none was sent. */
  readonly body: unknown;
  /** The path, for `Location`. */
  readonly path: string;
}

/** What the request asks of the operation. */
export interface Reading {
  readonly input: unknown;
  /** Where the body stands in `input`, so that faults point into the document that the client sent. */
  readonly bodyAt?: string;
}

export interface Answer {
  readonly status: 200 | 201 | 204;
  readonly body?: unknown;
  readonly location?: string;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operationName: string;
  handle(deps: OperationDeps, caller: Caller, request: ApiRequest): Promise<Answer>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One endpoint: `GET /users/:userName`, the operation that says who may, how it is asked, how it is answered. */
export function route<Input, Prepared, Output>(
  line: `${Method} /${string}`,
  operation: Operation<Input, Prepared, Output>,
  read: (request: ApiRequest) => Reading,
  answer: (output: Output, request: ApiRequest) => Answer,
): Route {
  const [method = '', path = ''] = line.split(' ');
  return {
    method,
    path,
    operationName: operation.name,
    handle: async (deps, caller, request) => {
      const { input, bodyAt } = read(request);
      try {
        return answer(await performOperation(deps, caller, operation, input), request);
      } catch (error) {
        throw bodyAt === undefined || !(error instanceof AppError) ? error : pointingInto(bodyAt, error);
      }
    },
  };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown, location: string): Answer => ({ status: 201, body, location });
export const gone = (): Answer => ({ status: 204 });

function pointingInto(bodyAt: string, error: AppError): AppError {
  const relocate = (fault: FieldFault): FieldFault => {
    const within = fault.pointer === bodyAt || fault.pointer.startsWith(`${bodyAt}/`);
    return { ...fault, pointer: within ? fault.pointer.slice(bodyAt.length) : '' };
  };
  const { code, message, cause, retryAfterSeconds } = error;
  const faults = error.faults.map(relocate);
  return new AppError(code, message, {
    faults,
    cause,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
