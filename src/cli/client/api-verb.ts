import type { Command } from 'commander';
import type { z } from 'zod';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { connect } from './access-tokens.ts';
import { findCredentials } from './credentials.ts';
import { type ApiRequest, callApi, type ManagementApi } from './management-api.ts';

interface ApiOptions {
  readonly profile?: string;
  readonly json?: boolean;
}

/** Options of every verb that talks to a server. */
export const withApiOptions = (command: Command): Command =>
  command
    .option('--json', 'print JSON for programs')
    .option('--profile <name>', 'a profile of ~/.config/postern/profiles.json');

export const openApi = async (terminal: Terminal, { profile }: ApiOptions): Promise<ManagementApi> =>
  await connect(terminal, await findCredentials(terminal, profile));

/** A request whose answer is looked into: one that lacks what the schema names ends the verb. */
export async function fetchAs<T>(api: ManagementApi, schema: z.ZodType<T>, request: ApiRequest): Promise<T> {
  const parsed = schema.safeParse(await callApi(api, request));
  if (!parsed.success) throw new CliFailure('The server gave an answer that this version does not understand.');
  return parsed.data;
}

/** Prints a result: as it is for programs, in the given words for people. */
export function printResult(terminal: Terminal, { json }: ApiOptions, result: unknown, words: () => string): void {
  terminal.out(json === true ? JSON.stringify(result, null, 2) : words());
}
