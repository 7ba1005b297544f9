import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

/** Small segments: less to write at the first start and in the template. */
export const clusterSettings = ['--wal-segsize=1'];
const digestBytes = 32;

/**
 * Reads the ready-made empty cluster that `buildClusterTemplate` leaves, undefined where there is none for exactly this engine
 * or its file is damaged. Starting from it takes a tenth of the time that making a cluster takes.
 */
export async function readClusterTemplate(): Promise<Blob | undefined> {
  try {
    const file = await readFile(await templateFile());
    const body = file.subarray(digestBytes);
    if (!sha256(body).equals(file.subarray(0, digestBytes))) return undefined;
    return new Blob([new Uint8Array(await promisify(brotliDecompress)(body))]);
  } catch {
    return undefined;
  }
}

/** Makes an empty cluster once and keeps it beside the engine, for all first starts to come. Takes some seconds. */
export async function buildClusterTemplate(): Promise<void> {
  const file = await templateFile();
  const engine = await PGlite.create({ initDbStartParams: clusterSettings });
  const archive = Buffer.from(await (await engine.dumpDataDir('none')).arrayBuffer());
  await engine.close();
  const body = await promisify(brotliCompress)(archive, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 7,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: archive.length,
    },
  });
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, Buffer.concat([sha256(body), body]));
  await rename(draft, file).catch((error: unknown) =>
    rm(draft, { force: true }).then(() => Promise.reject(error as Error)),
  );
}

/** Named after the engine's bytes, so a template never meets another engine than the one that made it. */
async function templateFile(): Promise<string> {
  const require = createRequire(import.meta.url);
  const engineFolder = dirname(require.resolve('@electric-sql/pglite'));
  const hash = createHash('sha256').update(clusterSettings.join(' '));
  for (const name of ['pglite.wasm', 'pglite.data', 'initdb.wasm']) {
    for await (const chunk of createReadStream(join(engineFolder, name))) hash.update(chunk as Buffer);
  }
  const key = hash.digest('hex').slice(0, 32);
  return join(engineFolder, '../../../.cache/postern', `cluster-${key}.tar.br`);
}

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}
