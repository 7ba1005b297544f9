import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { findBinary, freePort, startServerProcess, type ThrowawayServer } from './throwaway-process.ts';
import { controlServer, refuseOutages } from './throwaway-server.ts';

const debianRoot = '/usr/lib/postgresql';

interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The machine's own server binaries, the newest version where there are several. */
export function findPostgresBinaries(): PostgresBinaries | undefined {
  const initdb = findBinary('initdb', debianFolders());
  const server = findBinary('postgres', debianFolders());
  return initdb === undefined || server === undefined ? undefined : { initdb, postgres: server };
}

/**
 * A fresh, empty database: on the server of TEST_DATABASE_URL where that is set, else on a server of its own. One that is to
 * be paused or killed is always of its own.
 */
export async function startThrowawayPostgres(options: { readonly forOutage?: boolean } = {}): Promise<ThrowawayServer> {
  const shared = process.env['TEST_DATABASE_URL'];
  if (shared !== undefined && options.forOutage !== true) return createSharedDatabase(shared);
  const binaries = findPostgresBinaries();
  if (binaries === undefined) throw new Error('no initdb and postgres binaries on this machine');
  return startOwnPostgres(binaries);
}

async function startOwnPostgres(binaries: PostgresBinaries): Promise<ThrowawayServer> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-postgres-'));
  const owner = serverUser();
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const initArgs = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--no-locale'];
  execFileSync(binaries.initdb, initArgs, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'], ...owner });
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`];
  const hasty = ['fsync=off', 'full_page_writes=off', 'max_connections=60'];
  const args = ['-D', data, ...[...settings, ...hasty].flatMap((setting) => ['-c', setting])];
  const readyLine = 'database system is ready to accept connections';
  const start = () => startServerProcess({ file: binaries.postgres, args, cwd: directory, readyLine, ...owner });
  return controlServer(`postgres://postgres@127.0.0.1:${port}/postgres`, directory, await start(), start);
}

async function createSharedDatabase(serverUrl: string): Promise<ThrowawayServer> {
  const name = `postern_test_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return refuseOutages(url.href, () => administer(serverUrl, `drop database if exists ${name} with (force)`));
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end();
  }
}

function debianFolders(): string[] {
  try {
    const versions = readdirSync(debianRoot).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(debianRoot, version, 'bin'));
  } catch {
    return [];
  }
}

/** Postgres refuses to run as root. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const read = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: read('-u'), gid: read('-g') };
}
