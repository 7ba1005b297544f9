import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { DirectoryLockedError, lockDirectory } from '../../storage/db/directory-lock.ts';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** What `postern login` got. */
const login = z.object({
  accessToken: z.string(),
  /** RFC 3339. */
  accessTokenExpiresAt: z.string(),
  refreshToken: z.string(),
  /** RFC 3339. */
  signedInAt: z.string(),
});

const accessKeyProfile = z.looseObject({ issuer: z.string(), accessKeyId: z.string(), accessKeySecret: z.string() });
const loginProfile = z.looseObject({ issuer: z.string(), login });
const profilesForm = z.record(z.string(), z.union([loginProfile, accessKeyProfile]));

export type Login = z.infer<typeof login>;
type LoginProfile = z.infer<typeof loginProfile>;
export type Profile = LoginProfile | z.infer<typeof accessKeyProfile>;
export type Profiles = Readonly<Record<string, Profile>>;

/** Whether a profile is a person's, and no access key. */
export const isLogin = (profile: Profile): profile is LoginProfile => 'login' in profile;

/** Names are typed in shells and shown in tables. */
export const profileName = /^[A-Za-z0-9._-]{1,64}$/;

/** Whoever holds the lock asks the server for a token at most. */
const lockPatienceMs = 90_000;

const configDirectory = ({ env, homeDirectory }: Terminal): string =>
  join(env['XDG_CONFIG_HOME'] || join(homeDirectory, '.config'), 'postern');

export const profilesFile = (terminal: Terminal): string => join(configDirectory(terminal), 'profiles.json');

/** Which profile is used where none is named; a file of its own, so that `profiles.json` stays a plain list. */
const currentFile = (terminal: Terminal): string => join(configDirectory(terminal), 'current-profile');

export async function readProfiles(terminal: Terminal): Promise<Profiles | undefined> {
  return await readPrivateJson(profilesFile(terminal), profilesForm);
}

/** The profile of `postern profile use`; undefined where that was never said. */
export async function chosenProfile(terminal: Terminal): Promise<string | undefined> {
  const name = (await readFile(currentFile(terminal), 'utf8').catch(() => '')).trim();
  return profileName.test(name) ? name : undefined;
}

/** The profile of verbs that name none. */
export const usualProfile = 'default';

export async function useProfile(terminal: Terminal, name: string): Promise<void> {
  await writePrivately(currentFile(terminal), `${name}\n`);
}

/**
 * Changes the profiles while no other process does. `change` gets what stands there now and answers what shall; the same object where
 * nothing shall change.
 */
export async function changeProfiles(
  terminal: Terminal,
  change: (profiles: Profiles) => Promise<Profiles> | Profiles,
): Promise<Profiles> {
  const release = await lock(terminal);
  try {
    const before = (await readProfiles(terminal)) ?? {};
    const after = await change(before);
    if (after !== before) await writePrivately(profilesFile(terminal), `${JSON.stringify(after, null, 2)}\n`);
    return after;
  } finally {
    await release();
  }
}

async function lock(terminal: Terminal): Promise<() => Promise<void>> {
  const directory = configDirectory(terminal);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const deadline = Date.now() + lockPatienceMs; ; ) {
    try {
      return await lockDirectory(directory, terminal.pid);
    } catch (error) {
      if (!(error instanceof DirectoryLockedError)) throw error;
      if (Date.now() > deadline) throw new CliFailure(`Process ${error.pid} does not let go of ${directory}.`);
      await delay(50 + Math.random() * 100);
    }
  }
}

/** Written aside and moved: whoever reads it finds the whole of it, and nobody else may. */
async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

/** Undefined when the file is absent. A file that others can read has leaked its secret already, so it is not used. */
export async function readPrivateJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
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
  if (!parsed.success) {
    throw new CliFailure(`${file} does not have the form that is expected; docs/command-line.md shows it.`);
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
