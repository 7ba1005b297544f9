import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CliFailure, usageFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** What the command line needs to act as a RAM user at one issuer. */
export interface Credentials {
  readonly issuer: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

const credentials = z.object({ issuer: z.string(), accessKeyId: z.string(), accessKeySecret: z.string() });
const profiles = z.record(z.string(), credentials);
const firstRun = z.object({
  publicUrl: z.string(),
  alias: z.string(),
  accessKeyId: z.string(),
  accessKeySecret: z.string(),
});

const advice =
  'Set POSTERN_ISSUER, POSTERN_ACCESS_KEY_ID and POSTERN_ACCESS_KEY_SECRET, or write a profile to ~/.config/postern/profiles.json.';

/**
 * Finds the credentials: the profile that is asked for by name, else the environment, else the profile `default`, else the
 * first-run file of a server on this machine.
 */
export async function findCredentials(terminal: Terminal, profileName?: string): Promise<Credentials> {
  const name = profileName ?? (terminal.env['POSTERN_PROFILE'] || undefined);
  if (name !== undefined) return await namedProfile(terminal, name);
  const found =
    fromEnvironment(terminal.env) ?? (await readProfiles(terminal))?.['default'] ?? (await fromFirstRun(terminal));
  if (found === undefined) throw nothingKnown(terminal);
  return checkedIssuer(found);
}

function checkedIssuer(found: Credentials): Credentials {
  const url = URL.parse(found.issuer);
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.search + url.hash + url.username !== '') {
    throw usageFailure('The issuer is not an address such as https://id.example.com/acme.');
  }
  return { ...found, issuer: found.issuer.replace(/\/+$/, '') };
}

function fromEnvironment(env: Terminal['env']): Credentials | undefined {
  const names = ['POSTERN_ISSUER', 'POSTERN_ACCESS_KEY_ID', 'POSTERN_ACCESS_KEY_SECRET'];
  const [issuer, accessKeyId, accessKeySecret] = names.map((name) => env[name] || undefined);
  if (issuer !== undefined && accessKeyId !== undefined && accessKeySecret !== undefined) {
    return { issuer, accessKeyId, accessKeySecret };
  }
  const missing = names.filter((name) => !env[name]);
  if (missing.length < names.length) throw usageFailure(`${missing.join(' and ')} must be set too.`);
  return undefined;
}

async function namedProfile(terminal: Terminal, name: string): Promise<Credentials> {
  const profile = (await readProfiles(terminal))?.[name];
  if (profile === undefined) throw usageFailure(`There is no profile "${name}" in ${profilesFile(terminal)}.`);
  return checkedIssuer(profile);
}

const profilesFile = ({ env, homeDirectory }: Terminal): string =>
  join(env['XDG_CONFIG_HOME'] || join(homeDirectory, '.config'), 'postern', 'profiles.json');

const readProfiles = async (terminal: Terminal) => await readPrivateJson(profilesFile(terminal), profiles);

const firstRunFile = ({ env }: Terminal): string => resolve(env['DATA_DIR'] || './data', 'first-run.json');

async function fromFirstRun(terminal: Terminal): Promise<Credentials | undefined> {
  const run = await readPrivateJson(firstRunFile(terminal), firstRun);
  if (run === undefined) return undefined;
  return {
    issuer: `${run.publicUrl}/${run.alias}`,
    accessKeyId: run.accessKeyId,
    accessKeySecret: run.accessKeySecret,
  };
}

/** Names where was looked: mostly the server runs with another `DATA_DIR`, or was started in another place. */
const nothingKnown = (terminal: Terminal): CliFailure =>
  usageFailure(
    `No server and no access key are known: there is neither ${profilesFile(terminal)} nor ${firstRunFile(terminal)}. ` +
      `${advice} Beside a server with the embedded database, give the same DATA_DIR as to the server.`,
  );

/** Undefined when the file is absent. A file that others can read has leaked its secret already, so it is not used. */
async function readPrivateJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const mode = await stat(file).then(
    (stats) => stats.mode,
    () => undefined,
  );
  if (mode === undefined) return undefined;
  if ((mode & 0o077) !== 0) {
    throw new CliFailure(
      `Others can read ${file}. Run "chmod 600 ${file}" and replace the access key if it may have been seen.`,
    );
  }
  const parsed = schema.safeParse(parseJson(await readFile(file, 'utf8')));
  if (!parsed.success) throw new CliFailure(`${file} does not have the form that is expected. ${advice}`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
