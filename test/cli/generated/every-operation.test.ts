import { Command } from 'commander';
import { expect, test } from 'vitest';
import { namedEndpoints } from '../../../src/cli/generated/api-endpoints.ts';
import { addAllNouns, nouns } from '../../../src/cli/nouns.ts';
import { operations } from '../../../src/domain/operations.ts';
import { routes } from '../../../src/web/api/routes.ts';
import { browserOnlyOperations } from '../../support/browser-only-operations.ts';
import { silentTerminal } from '../captured-terminal.ts';

const lineOf = (method: string, path: string): string => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

test('every operation but those for browsers alone is reached by an endpoint, and by a verb of the command line', async () => {
  const program = new Command('postern');
  await addAllNouns(program, silentTerminal());
  const exists = (noun: string, verb: string) =>
    program.commands.find((one) => one.name() === noun)?.commands.some((one) => one.name() === verb) === true;
  const reached = new Set(
    namedEndpoints()
      .filter(({ name }) => exists(name.noun, name.verb))
      .map(({ endpoint }) => lineOf(endpoint.method, endpoint.path)),
  );
  const lacking = operations.flatMap(({ name }) => {
    const lines = routes
      .filter(({ operation }) => operation.name === name)
      .map(({ method, path }) => lineOf(method, path));
    if (lines.length === 0) return browserOnlyOperations.has(name) ? [] : [`${name} has no endpoint`];
    return lines.some((line) => reached.has(line)) ? [] : [`${name} (${lines.join(', ')}) has no verb`];
  });
  expect(lacking).toEqual([]);
});

test('no two endpoints share a verb, and every verb stands under a noun that the help names', () => {
  const names = namedEndpoints().map(({ name: { noun, verb } }) => `${noun} ${verb}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  const overApi = nouns.filter((noun) => noun.overApi === true).map(({ name }) => name);
  expect([...new Set(namedEndpoints().map(({ name }) => name.noun))].filter((noun) => !overApi.includes(noun))).toEqual(
    [],
  );
});
