import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** Characters. No hash that passes the rules below is longer. */
export const longestImportedHash = 512;

/** A hash that another system made: read, found to be whole, and within limits of cost. */
export type ImportedHash =
  | { readonly algorithm: 'argon2' }
  | { readonly algorithm: 'bcrypt' }
  | { readonly algorithm: 'scrypt'; readonly cost: ScryptCost; readonly salt: Buffer; readonly hash: Buffer }
  | {
      readonly algorithm: 'pbkdf2';
      readonly digest: Pbkdf2Digest;
      readonly iterations: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

type Pbkdf2Digest = 'sha256' | 'sha512';

/*
 * What a hash may cost, so that one made to stall the server is refused when it is written, not met at a logon: about a second on a core and
 * 256 MiB at the most. The widespread settings lie well below.
 */
const argon2Limits = { memoryKib: 262_144, passes: 16, lanes: 16, memoryPasses: 1_048_576 } as const;
const scryptLimits = { logN: 17, r: 32, p: 16, memoryBytes: 134_217_728, blocks: 1_048_576 } as const;
const pbkdf2Limits = { least: 1_000, blocks: 2_000_000 } as const;
const digestBytes: Readonly<Record<Pbkdf2Digest, number>> = { sha256: 32, sha512: 64 };

/** Longer ones nobody makes. Argon2 knows no salt below 8 bytes (RFC 9106 section 3.1); of other systems shorter ones are about. */
const isSaltSize = (bytes: Buffer, least = 4): boolean => bytes.length >= least && bytes.length <= 64;
const isHashSize = (bytes: Buffer): boolean => bytes.length >= 16 && bytes.length <= 64;

const argon2Pattern = /^\$argon2(?:id|i)\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})\$([^$]+)\$([^$]+)$/;
/** The cost 14 takes about a second. `2y` is PHP's name for what is `2b` elsewhere. */
const bcryptPattern = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/;
const scryptPattern = /^\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,3}),p=([0-9]{1,3})\$([^$]+)\$([^$]+)$/;
const pbkdf2Pattern = /^\$pbkdf2-(sha256|sha512)\$(?:i=)?([0-9]{1,7})(?:,l=([0-9]{1,3}))?\$([^$]+)\$([^$]+)$/;
const djangoPattern = /^pbkdf2_(sha256|sha512)\$([0-9]{1,7})\$([!-#%-~]{4,64})\$([^$]+)$/;

/**
 * Reads a hash in PHC string format (argon2id, argon2i, scrypt, PBKDF2, also as passlib writes it), in modular crypt format (bcrypt) or in
 * Django's (PBKDF2). Undefined for anything else, for what is not written exactly as those formats say, and for what costs too much.
 */
export function readImportedHash(text: string): ImportedHash | undefined {
  if (text.length > longestImportedHash) return undefined;
  if (bcryptPattern.test(text)) return { algorithm: 'bcrypt' };
  return readArgon2(text) ?? readScrypt(text) ?? readPbkdf2(text) ?? readDjango(text);
}

function readArgon2(text: string): ImportedHash | undefined {
  const match = argon2Pattern.exec(text);
  if (match === null) return undefined;
  const [memoryKib = 0, passes = 0, lanes = 0] = match.slice(1, 4).map(Number);
  const [salt, hash] = [base64(match[4]), base64(match[5])];
  const isSound =
    passes >= 1 &&
    passes <= argon2Limits.passes &&
    lanes >= 1 &&
    lanes <= argon2Limits.lanes &&
    // RFC 9106 section 3.1: at least eight blocks a lane.
    memoryKib >= 8 * lanes &&
    memoryKib <= argon2Limits.memoryKib &&
    memoryKib * passes <= argon2Limits.memoryPasses;
  return isSound && salt !== undefined && isSaltSize(salt, 8) && hash !== undefined && isHashSize(hash)
    ? { algorithm: 'argon2' }
    : undefined;
}

function readScrypt(text: string): ImportedHash | undefined {
  const match = scryptPattern.exec(text);
  if (match === null) return undefined;
  const [logN = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const [salt, hash] = [base64(match[4]), base64(match[5])];
  const cost = { N: 2 ** logN, r, p };
  const isSound =
    logN >= 1 &&
    logN <= scryptLimits.logN &&
    r >= 1 &&
    r <= scryptLimits.r &&
    p >= 1 &&
    p <= scryptLimits.p &&
    128 * cost.N * r <= scryptLimits.memoryBytes &&
    cost.N * r * p <= scryptLimits.blocks;
  return isSound && salt !== undefined && isSaltSize(salt) && hash !== undefined && isHashSize(hash)
    ? { algorithm: 'scrypt', cost, salt, hash }
    : undefined;
}

function readPbkdf2(text: string): ImportedHash | undefined {
  const [, digest, iterations, length, salt, hash] = pbkdf2Pattern.exec(text) ?? [];
  // passlib writes `.` for `+`.
  const [saltBytes, hashBytes] = [base64(salt?.replaceAll('.', '+')), base64(hash?.replaceAll('.', '+'))];
  if (length !== undefined && Number(length) !== hashBytes?.length) return undefined;
  return saltBytes !== undefined && isSaltSize(saltBytes)
    ? pbkdf2Hash(digest as Pbkdf2Digest, Number(iterations), { salt: saltBytes, hash: hashBytes })
    : undefined;
}

/** Django's salt is text, and its hash is padded. */
function readDjango(text: string): ImportedHash | undefined {
  const [, digest, iterations, salt, hash] = djangoPattern.exec(text) ?? [];
  if (digest === undefined || salt === undefined || hash === undefined) return undefined;
  const bytes = Buffer.from(hash, 'base64');
  const whole = bytes.toString('base64') === hash ? bytes : undefined;
  return pbkdf2Hash(digest as Pbkdf2Digest, Number(iterations), { salt: Buffer.from(salt), hash: whole });
}

function pbkdf2Hash(
  digest: Pbkdf2Digest,
  iterations: number,
  { salt, hash }: { readonly salt: Buffer; readonly hash: Buffer | undefined },
): ImportedHash | undefined {
  if (hash === undefined || !isHashSize(hash) || iterations < pbkdf2Limits.least) return undefined;
  const blocks = Math.ceil(hash.length / digestBytes[digest]);
  return iterations * blocks > pbkdf2Limits.blocks
    ? undefined
    : { algorithm: 'pbkdf2', digest, iterations, salt, hash };
}

/** Base64 without padding, written in the one way that decodes to these bytes. */
function base64(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text ? bytes : undefined;
}

/** Whether the password is the one that was hashed so. `text` is what `imported` was read from. */
export async function verifyImportedHash(password: string, text: string, imported: ImportedHash): Promise<boolean> {
  switch (imported.algorithm) {
    case 'argon2':
      return await verifyArgon2(text, password);
    case 'bcrypt':
      return await verifyBcrypt(password, text);
    case 'scrypt': {
      const { salt, hash, cost } = imported;
      const maxmem = 2 * scryptLimits.memoryBytes;
      return timingSafeEqual(await deriveScrypt(password, salt, hash.length, { ...cost, maxmem }), hash);
    }
    case 'pbkdf2': {
      const { salt, hash, digest, iterations } = imported;
      return timingSafeEqual(await derivePbkdf2(password, salt, iterations, hash.length, digest), hash);
    }
    default:
      return imported satisfies never;
  }
}

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<
  string,
  Buffer,
  number,
  { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
  Buffer
>(scrypt);
