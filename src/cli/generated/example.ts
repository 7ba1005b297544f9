import { bodyOf, type NamedEndpoint, parametersIn } from './api-endpoints.ts';
import type { Slot, VerbForm } from './verb-form.ts';

/** As a shell takes it: quoted where it has anything but letters, digits and harmless signs. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Of files, pictures are all that is sent. */
const fileOf = ({ field }: Pick<Slot, 'field'>): string => `${field.name}.png`;

/** The words of a command line that asks what the endpoint's example asks. */
export function exampleWords(named: NamedEndpoint, form: VerbForm): string[] {
  const { name, endpoint } = named;
  const values = exampleValues(named);
  const positional = form.positional.map((one) =>
    one.field.kind === 'file' ? fileOf(one) : textOf(values(one) ?? one.field.name),
  );
  const options = form.options.flatMap((one) => optionWords(one, values(one)));
  const body = form.wholeBody ? ['--body', JSON.stringify(bodyOf(endpoint)?.example ?? {})] : [];
  return ['postern', name.noun, name.verb, ...positional, ...options, ...body];
}

/** The same as one line to paste into a shell. */
export const exampleLine = (named: NamedEndpoint, form: VerbForm): string =>
  exampleWords(named, form).map(quoted).join(' ');

function exampleValues({ endpoint }: NamedEndpoint): (slot: Slot) => unknown {
  const parameters = [...parametersIn('path', endpoint), ...parametersIn('query', endpoint)];
  const example = bodyOf(endpoint)?.example;
  const one: unknown = Array.isArray(example) ? example[0] : example;
  return ({ place, field }) => {
    if (place === 'body') return (one as Record<string, unknown> | null | undefined)?.[field.name];
    const parameter = parameters.find(({ name, in: where }) => name === field.name && where === place);
    return parameter?.example;
  };
}

function optionWords({ field, label, place }: Slot, value: unknown): string[] {
  // A name of the thing tells its kind well enough.
  if (field.name === 'policyType' && place === 'path') return [];
  if (value === undefined) return field.required && place === 'body' ? [`--${label}`, `@${label}.json`] : [];
  if (field.kind === 'secret') return [`--${label}-stdin`];
  if (field.kind === 'file') return [`--${label}`, fileOf({ field })];
  if (field.kind === 'boolean' && place === 'query') return value === true ? [`--${label}`] : [];
  if (field.kind === 'boolean') return [`--${label}`, value === true ? 'on' : 'off'];
  if (field.kind === 'json') return [`--${label}`, JSON.stringify(value)];
  if (field.kind === 'list') return (value as unknown[]).flatMap((item) => [`--${label}`, textOf(item)]);
  return [`--${label}`, value === null ? '' : textOf(value)];
}
