import { resolve } from 'node:path';
import { z } from 'zod';
import { type CliFailure, usageFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import {
  chosenProfile,
  isLogin,
  type Login,
  type Profiles,
  profilesFile,
  readPrivateJson,
  readProfiles,
  usualProfile,
} from './profiles-file.ts';

/** An access key, with which a program acts as its RAM user at one issuer. */
export interface AccessKeyCredentials {
  readonly issuer: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** A person's login, which stands in a profile and is kept up there. */
export interface LoginCredentials {
  readonly issuer: string;
  readonly login: Login;
  readonly profile: string;
}

export type Credentials = AccessKeyCredentials | LoginCredentials;

const firstRun = z.object({
  publicUrl: z.string(),
  alias: z.string(),
  accessKeyId: z.string(),
  accessKeySecret: z.string(),
});

const advice =
  'Sign in with "postern login", or set POSTERN_ISSUER, POSTERN_ACCESS_KEY_ID and POSTERN_ACCESS_KEY_SECRET, or write a profile to ~/.config/postern/profiles.json.';

/**
 * Finds the credentials: the profile that is asked for by name, else the environment, else the profile of
 * `postern profile use` (`default`), else the first-run file of a server on this machine.
 */
export async function findCredentials(terminal: Terminal, profileName?: string): Promise<Credentials> {
  const name = profileName ?? (terminal.env['POSTERN_PROFILE'] || undefined);
  if (name !== undefined) return await namedProfile(terminal, name);
  const found = fromEnvironment(terminal.env) ?? (await currentProfile(terminal)) ?? (await fromFirstRun(terminal));
  if (found === undefined) throw nothingKnown(terminal);
  return checkedIssuer(found);
}

function checkedIssuer<Found extends { readonly issuer: string }>(found: Found): Found {
  return { ...found, issuer: plainIssuer(found.issuer) };
}

/** An issuer as it is compared: without a slash at the end. Throws for what cannot be one. */
export function plainIssuer(issuer: string): string {
  const url = URL.parse(issuer);
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.search + url.hash + url.username !== '') {
    throw usageFailure('The issuer is not an address such as https://id.example.com/acme.');
  }
  return issuer.replace(/\/+$/, '');
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
  const profile = ownProfile(await readProfiles(terminal), name);
  if (profile === undefined) throw usageFailure(`There is no profile "${name}" in ${profilesFile(terminal)}.`);
  return checkedIssuer(profile);
}

async function currentProfile(terminal: Terminal): Promise<Credentials | undefined> {
  const chosen = await chosenProfile(terminal);
  // Acting as somebody else than was chosen would be worse than not acting.
  if (chosen !== undefined) return await namedProfile(terminal, chosen);
  return ownProfile(await readProfiles(terminal), usualProfile);
}

function ownProfile(profiles: Profiles | undefined, name: string): Credentials | undefined {
  const profile = profiles !== undefined && Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  return profile !== undefined && isLogin(profile) ? { ...profile, profile: name } : profile;
}

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
