import { type Command, Option } from 'commander';
import { openApi, printResult, withApiOptions } from '../client/api-verb.ts';
import { listUpTo } from '../client/list-up-to.ts';
import { callApi, streamApi } from '../client/management-api.ts';
import { usageFailure } from '../failure.ts';
import { wholeNumber } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { wrapped } from '../text.ts';
import { writeOutput } from '../write-output.ts';
import { type ApiEndpoint, itemsOf, type NamedEndpoint, namedEndpoints, wholeTypeOf } from './api-endpoints.ts';
import { exampleLine } from './example.ts';
import { presentList, presentThing } from './present.ts';
import { argumentParser, optionOf, readJson, readValues, type Values } from './read-values.ts';
import { type VerbForm, verbForm } from './verb-form.ts';
import { z } from 'zod';

interface ApiVerbOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly limit?: number;
  readonly body?: string;
  readonly output?: string;
  readonly [name: string]: unknown;
}

/** Gives a noun the verbs of the management API that it does not have yet, each made of its endpoint alone. */
export function addApiVerbs(noun: Command, terminal: Terminal): void {
  for (const named of namedEndpoints()) {
    const known = noun.commands.some((command) => command.name() === named.name.verb);
    if (named.name.noun === noun.name() && !known) addApiVerb(noun, terminal, named);
  }
}

function addApiVerb(noun: Command, terminal: Terminal, named: NamedEndpoint): void {
  const { endpoint, name } = named;
  const form = verbForm(named);
  const command = withApiOptions(noun.command(name.verb)).description(summaryOf(named));
  for (const { field, label } of form.positional) {
    command.argument(`<${label}>`, field.description ?? '', argumentParser(field));
  }
  for (const one of form.options) command.addOption(optionOf(one));
  if (form.paged) command.option('--limit <number>', 'at most so many', wholeNumber(100_000), 100);
  if (named.manner === 'whole')
    command.option('--output <file>', 'a file instead of the terminal; readable by you alone');
  if (form.wholeBody) command.addOption(new Option('--body <@file|->', 'what to send, as JSON').makeOptionMandatory());
  command.addHelpText('after', helpOf(endpoint, exampleLine(named, form))).action(async (...given: unknown[]) => {
    const typed = given.slice(0, form.positional.length);
    const options = given[form.positional.length] as ApiVerbOptions;
    const values = await readValues(terminal, form, typed, options);
    requireChange(endpoint, form, values);
    const body = options.body === undefined ? values.body : await readJson(terminal, 'body', options.body);
    await perform(terminal, { named, form, options }, { ...values, body: body as Values['body'] });
  });
}

function summaryOf({ endpoint, manner }: NamedEndpoint): string {
  const { summary } = endpoint.operation;
  const form = wholeTypeOf(endpoint) === 'text/csv' ? ' as CSV' : ' as lines of JSON';
  return `${summary.charAt(0).toLowerCase()}${summary.slice(1)}${manner === 'whole' ? form : ''}`;
}

function helpOf({ operation: { description } }: ApiEndpoint, example: string): string {
  const text = description === undefined ? '' : `\n${wrapped(description.replaceAll('`', ''))}\n`;
  return `${text}\nExample:\n  ${example}`;
}

function requireChange({ method }: ApiEndpoint, { options }: VerbForm, { body }: Values): void {
  if (method !== 'PATCH' || Object.keys(body).length > 0) return;
  const names = options.filter(({ place }) => place === 'body').map(({ label }) => `--${label}`);
  throw usageFailure(`Say what to change: ${names.join(', ')}.`);
}

interface Invocation {
  readonly named: NamedEndpoint;
  readonly form: VerbForm;
  readonly options: ApiVerbOptions;
}

async function perform(terminal: Terminal, { named, form, options }: Invocation, values: Values): Promise<void> {
  const { endpoint, manner } = named;
  const path = endpoint.path
    .split('/')
    .filter(Boolean)
    .map((part) => (part.startsWith('{') ? String(values.path[part.slice(1, -1)]) : part));
  const query = Object.fromEntries(Object.entries(values.query).map(([name, value]) => [name, String(value)]));
  const api = await openApi(terminal, options);
  if (manner === 'whole') {
    const chunks = await streamApi(api, { method: 'GET', path, query }, wholeTypeOf(endpoint) ?? '');
    return await writeOutput(terminal, options.output, chunks);
  }
  if (form.paged) {
    const found = await listUpTo(terminal, api, z.unknown(), {
      ...{ path, query, limit: options.limit ?? 100 },
      searchable: form.options.some(({ label }) => label === 'q'),
    });
    return present(terminal, named, options, found);
  }
  const body = endpoint.operation.requestBody === undefined ? {} : { body: values.body };
  const answer = await callApi(api, { method: endpoint.method, path, query, ...body });
  present(terminal, named, options, answer);
}

function present(terminal: Terminal, named: NamedEndpoint, options: ApiVerbOptions, answer: unknown): void {
  const item = itemsOf(named.endpoint);
  printResult(terminal, options, answer ?? {}, () => {
    if (answer === undefined) return `Done: ${summaryOf(named)}.`;
    if (item === undefined) return presentThing(answer);
    const { table, left } = presentList(item, (answer as { items: unknown[] }).items, terminal.columns);
    if (left.length > 0) terminal.err(`Too narrow for ${left.join(', ')}; --json shows all.`);
    return table;
  });
}
