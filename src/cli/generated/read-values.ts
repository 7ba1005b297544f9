import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import { CliFailure, systemFault, usageFailure } from '../failure.ts';
import { collect, onOrOff } from '../options.ts';
import { policyTypeOf } from '../policy-type.ts';
import type { Terminal } from '../terminal.ts';
import type { Field } from './fields.ts';
import type { Slot, VerbForm } from './verb-form.ts';

/** What was typed, by the field's place and name. */
export type Values = Readonly<Record<Slot['place'], Readonly<Record<string, unknown>>>>;

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

/** What the value is called in the help. */
function valueName(field: Field): string {
  if (field.kind === 'choice') return field.choices.join('|');
  if (field.kind === 'boolean') return 'on|off';
  if (field.kind === 'number') return 'number';
  if (field.kind === 'json') return '@file|-';
  if (field.kind === 'file') return 'file';
  return /(?:At|^from|^to)$/.test(field.name) ? 'time' : 'text';
}

const plain = (text: string): string => text.replaceAll('`', '').replace(/\s+/g, ' ');

/** The option of a slot, with what reads and checks it. */
export function optionOf(slot: Slot): Option {
  const { field, label, place } = slot;
  const about = field.description === undefined ? '' : plain(field.description);
  if (field.kind === 'secret') return new Option(`--${label}-stdin`, secretHint(about));
  if (field.kind === 'boolean' && place === 'query') return new Option(`--${label}`, about);
  const option = new Option(`--${label} <${valueName(field)}>`, hinted(field, about));
  option.makeOptionMandatory(field.required && place === 'body');
  return field.kind === 'list' ? option.argParser(collect) : option.argParser(removable(field, argumentParser(field)));
}

const secretHint = (about: string): string =>
  `ask for it, or read a line of standard input${about === '' ? '' : `: ${about}`}`;

function hinted({ kind, nullable }: Field, about: string): string {
  if (kind === 'list') return `${about} (several times for several)`.trim();
  if (kind === 'json') return `${about} (JSON: @file, - for standard input, or as it stands)`.trim();
  return nullable ? `${about} (an empty text takes it away)`.trim() : about;
}

/** Turns text into the value of a field; throws where it cannot be one. */
export function argumentParser(field: Field): (text: string) => unknown {
  if (field.kind === 'number') return readNumber;
  if (field.kind === 'boolean') return onOrOff;
  return field.kind === 'choice' ? (text) => readChoice(field.choices, text) : (text) => text;
}

function readChoice(choices: readonly string[], text: string): string {
  if (!choices.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
  return text;
}

/** The empty text stays as it is where it takes the field away. */
const removable =
  ({ nullable }: Field, parse: (text: string) => unknown) =>
  (text: string): unknown =>
    nullable && text === '' ? text : parse(text);

/** Puts together what was typed. Asks for secrets last, when all the rest is known to make sense. */
export async function readValues(
  terminal: Terminal,
  form: VerbForm,
  typed: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
): Promise<Values> {
  const values: Record<Slot['place'], Record<string, unknown>> = { path: {}, query: {}, body: {} };
  for (const [index, { place, field }] of form.positional.entries()) {
    const value = typed[index];
    values[place][field.name] = field.kind === 'file' ? await readEncoded(String(value)) : value;
  }
  for (const one of form.options.filter(({ field }) => field.kind !== 'secret')) {
    const value = await optionValue(terminal, one, options[optionOf(one).attributeName()]);
    if (value !== undefined) values[one.place][one.field.name] = value;
  }
  values.path = withPolicyType(form, values.path);
  const chosen = form.options.filter(
    (one) => one.field.kind === 'secret' && options[optionOf(one).attributeName()] === true,
  );
  for (const { place, field, label } of [...form.asked, ...chosen]) {
    values[place][field.name] = await terminal.readSecret(`${sentence(label)}: `);
  }
  return values;
}

const sentence = (label: string): string => {
  const words = label
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

async function optionValue(terminal: Terminal, { field, label }: Slot, given: unknown): Promise<unknown> {
  if (given === undefined) return undefined;
  if (field.kind === 'json') return await readJson(terminal, label, given as string);
  if (field.kind === 'file') return await readEncoded(given as string);
  if (field.kind === 'list' && field.of === 'number') return (given as string[]).map(readNumber);
  return given === '' && field.nullable ? null : given;
}

/** `@file`, `-` for standard input, or the document itself. */
export async function readJson(terminal: Terminal, label: string, given: string): Promise<unknown> {
  const text = await (given === '-' ? terminal.readInput() : given.startsWith('@') ? readText(given.slice(1)) : given);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw usageFailure(`--${label} is not JSON: ${cause instanceof Error ? cause.message : 'it cannot be read'}`);
  }
}

const readText = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => refuse(file, cause));

const readEncoded = (file: string): Promise<string> =>
  readFile(file, 'base64').catch((cause: unknown) => refuse(file, cause));

function refuse(file: string, cause: unknown): never {
  throw new CliFailure(`${file} cannot be read (${systemFault(cause)}).`);
}

/** Where the kind of a policy is not told, its name tells it. */
function withPolicyType({ options }: VerbForm, path: Record<string, unknown>): Record<string, unknown> {
  const { policyType, policyName } = path;
  if (policyType !== undefined || !options.some(({ field, place }) => place === 'path' && field.name === 'policyType'))
    return path;
  return { ...path, policyType: policyTypeOf(String(policyName)) };
}
