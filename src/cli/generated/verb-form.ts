import { type ApiEndpoint, bodyOf, itemsOf, type NamedEndpoint, parametersIn, wholeTypeOf } from './api-endpoints.ts';
import { type Field, fieldsOf, kebabCase, optionName, toField } from './fields.ts';

/** A field of a request, and how it comes from the command line. */
export interface Slot {
  readonly field: Field;
  readonly place: 'path' | 'query' | 'body';
  /** The name of its option, or of its argument. */
  readonly label: string;
}

/** What a verb takes, by the way it is given. */
export interface VerbForm {
  /** One after the other, without a name. */
  readonly positional: readonly Slot[];
  readonly options: readonly Slot[];
  /** Asked for, or read from standard input. */
  readonly asked: readonly Slot[];
  /** A list that is fetched page by page. */
  readonly paged: boolean;
  /** The body is no object with fields of its own: it is given whole. */
  readonly wholeBody: boolean;
}

const isSimple = ({ kind }: Field): boolean => ['text', 'number', 'choice', 'file'].includes(kind);

/**
 * Placeholders and what a body must have are arguments, the rest are options. A kind that stands in the address (`system`, `custom`) is an
 * option: whoever names a thing seldom thinks of it.
 */
export function verbForm({ endpoint, manner }: NamedEndpoint): VerbForm {
  const path = parametersIn('path', endpoint).map(({ name, schema }) =>
    slot('path', toField(name, schema, { components: endpoint.components, required: true })),
  );
  const query = parametersIn('query', endpoint).map(({ name, schema, required = false, description }) =>
    slot('query', describedBy(description, toField(name, schema, { components: endpoint.components, required }))),
  );
  const body = bodySlots(endpoint, path);
  const isPositional = ({ field, place }: Slot) =>
    place === 'path' ? field.kind !== 'choice' : place === 'body' && field.required && isSimple(field);
  const isAsked = ({ field }: Slot) => field.kind === 'secret' && field.required;
  const paged =
    manner !== 'whole' && itemsOf(endpoint) !== undefined && query.some(({ field }) => field.name === 'cursor');
  const unsaid = [
    ...(paged || manner === 'whole' ? ['cursor', 'limit'] : []),
    ...(wholeTypeOf(endpoint) === undefined ? [] : ['format']),
  ];
  const shown = query.filter(({ field }) => !unsaid.includes(field.name));
  const all = [...(manner === 'turned' ? path.toReversed() : path), ...body, ...shown];
  return {
    positional: all.filter(isPositional).map((one) => ({ ...one, label: one.field.name })),
    options: all.filter((one) => !isPositional(one) && !isAsked(one)),
    asked: all.filter(isAsked),
    paged,
    wholeBody: body.length === 0 && bodyOf(endpoint)?.schema.properties === undefined && bodyOf(endpoint) !== undefined,
  };
}

const describedBy = (description: string | undefined, field: Field): Field =>
  description === undefined ? field : { ...field, description };

const slot = (place: Slot['place'], field: Field): Slot => ({
  ...{ place, field },
  label: optionName(field),
});

/** A field of the body that is named like one of the address is what the thing shall be called from now on. */
function bodySlots(endpoint: ApiEndpoint, path: readonly Slot[]): Slot[] {
  const body = bodyOf(endpoint);
  const inPath = new Set(path.map(({ field }) => field.name));
  const own = endpoint.path
    .split('/')
    .find((part) => part.startsWith('{'))
    ?.slice(1, -1);
  return (body === undefined ? [] : fieldsOf(body.schema, endpoint.components)).map((field) => {
    if (!inPath.has(field.name)) return slot('body', field);
    const isName = field.name === own && field.name.endsWith('Name');
    return { ...slot('body', field), label: isName ? 'new-name' : `new-${kebabCase(field.name)}` };
  });
}
