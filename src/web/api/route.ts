import { z } from 'zod';
import { parseInput } from '../../domain/input-faults.ts';
import { authoriseOperation, type Operation, type OperationContext, performCall } from '../../domain/operation.ts';
import type { Answer, ApiRequest } from './api-request.ts';
import { pointingInto } from './body-pointers.ts';
import { AnsweredBefore, createOnce, onceOnly } from './idempotency.ts';
import { requirePrecondition } from './precondition.ts';
import { orWhole } from './whole-list.ts';
import { inputReader, placeholdersOf, queryFields } from './read-input.ts';
import type { ApiCall, Method, Route, RouteGroup, RouteTexts } from './route-types.ts';

interface WithAnswer<Output, Body> extends RouteTexts {
  /** The answer's body; a part with `meta({ id })` is a named component of the document. */
  readonly answer: z.ZodType<Body>;
  /** Names each field that is sent. */
  readonly present: (output: Output, request: ApiRequest) => NoInfer<Body>;
  /** The last part of the new thing's address, for `Location`; undefined where there are several. */
  readonly locate?: (output: Output, request: ApiRequest) => string | undefined;
}

interface WithoutAnswer extends RouteTexts {
  readonly answer?: undefined;
}

type RouteSpec<Output, Body> = WithAnswer<Output, Body> | WithoutAnswer;

/**
 * One endpoint: its address, the operation that says who may, and how it is asked and answered. The OpenAPI document and its pages are made of
 * this alone, and from the very schemas that validate.
 *
 *     const groupBody = z.object({ groupName: z.string(), createdAt: instant, … }).meta({ id: 'Group' });
 *
 *     export const groupRoutes = routeGroup('Groups', 'Users with the same rights.', [
 *       route('GET /groups', listGroups, { summary: 'List groups', answer: pageOf(groupBody), present: presentGroups }),
 *       route('PATCH /groups/:groupName', updateGroup, {
 *         summary: 'Change a group',
 *         body: 'changes',
 *         answer: groupBody,
 *         present: presentGroup,
 *         refuses: ['EntityNotExist.Group'],
 *         example: { body: { comments: 'On call' } },
 *       }),
 *       route('DELETE /groups/:groupName', deleteGroup, { summary: 'Delete a group', refuses: ['EntityNotExist.Group'] }),
 *     ]);
 *
 * - Placeholders bear the names of the input's fields; `paramsIn` names the field that holds them, if one does.
 * - `body` names the input's field that is the body, `''` where the body's fields stand beside the placeholders; without it a body is refused.
 *   An absent body is an empty object.
 * - Whatever other fields the input has are the query (numbers and flags are read as such).
 * - Status: 204 without `answer`, 201 for POST (unless `status` says otherwise), else 200. A POST that makes something says where it is: `locate`.
 * - Lists: `listOf` (short, whole) or `pageOf` (with `limit` and `cursor` in the input). Everything else that GET answers has an ETag, and the
 *   changes at the same address take `If-Match`.
 * - A new placeholder gets an example in `parameter-examples.ts` and a real value in `test/web/api/example-world.ts`.
 */
export function route<Input, Prepared, Output, Body = undefined>(
  line: `${Method} /${string}`,
  operation: Operation<Input, Prepared, Output>,
  spec: RouteSpec<Output, Body> & { readonly status?: 200 },
): Route {
  const { method, path } = splitLine(line);
  const query = queryFields(operation.input, placeholdersOf(path), spec);
  const read = inputReader(path, query, spec);
  const status = spec.answer === undefined ? 204 : (spec.status ?? (method === 'POST' ? 201 : 200));
  const answerOf = (output: Output, request: ApiRequest): Answer => {
    if (spec.answer === undefined) return { status };
    const last = spec.locate?.(output, request);
    const location = last === undefined ? undefined : `${request.path}/${last}`;
    return { status, body: spec.present(output, request), location };
  };
  const handle = async ({ deps, caller, request, guardedBy }: ApiCall): Promise<Answer> => {
    const { input, bodyAt } = read(request);
    const around = async (context: OperationContext, act: () => Promise<Output>): Promise<Output> => {
      await requirePrecondition(context, guardedBy, request);
      return await createOnce(context, { request, answer: spec.answer }, act, (output) => answerOf(output, request));
    };
    try {
      const once = await onceOnly({ deps, caller, request }, operation);
      return answerOf(await performCall(deps, once, { caller, rawInput: input, around }), request);
    } catch (error) {
      if (error instanceof AnsweredBefore) return error.answer;
      throw bodyAt === undefined ? error : pointingInto(bodyAt, error);
    }
  };
  return {
    ...spec,
    ...{ method, path, status, input: operation.input, answer: spec.answer },
    operation: { name: operation.name, action: operation.action, effect: operation.effect },
    queryNames: Object.keys(query),
    hasEtag: method === 'GET' && spec.answer !== undefined && !isList(spec.answer),
    tellsLocation: spec.answer !== undefined && spec.locate !== undefined,
    takesIdempotencyKey: method === 'POST' && operation.effect === 'change',
    handle: (call) => (spec.wholeAs === undefined ? handle(call) : orWhole(spec.wholeAs, call, handle)),
    represent: async (context, request) => {
      const input = parseInput(operation.input, read(request).input);
      // Whether a tag is right tells what is there, and who may change a thing need not be allowed to read it.
      await authoriseOperation(context, operation, input);
      const prepared = (await operation.prepare?.(context, input)) as Prepared;
      return answerOf(await operation.perform(context, input, prepared), request).body;
    },
  };
}

const isList = (answer: z.ZodType): boolean => answer instanceof z.ZodObject && 'items' in answer.shape;

function splitLine(line: `${Method} /${string}`): { method: Method; path: string } {
  const [method, path = ''] = line.split(' ');
  return { method: method as Method, path };
}

/** Routes under one heading, with a sentence on what they are about. */
export const routeGroup = (tag: string, description: string, routes: readonly Route[]): RouteGroup => ({
  ...{ tag, description },
  routes: routes.map((one) => withGuard(one, routes)),
});

function withGuard(one: Route, routes: readonly Route[]): Route {
  const guardedBy = routes.find(({ path, hasEtag }) => hasEtag && path === one.path);
  return one.method === 'GET' || guardedBy === undefined ? one : { ...one, guardedBy };
}
