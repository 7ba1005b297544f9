import { describe, expect, test } from 'vitest';
import { readImportedHash, verifyImportedHash } from '../../src/crypto/imported-hashes.ts';

const bytes = (count: number): string => Buffer.alloc(count, 7).toString('base64').replace(/=+$/, '');
const salt = bytes(16);
const hash = bytes(32);

describe('a hash made elsewhere is verified', () => {
  // From the reference implementations, RFC 7914, Django, passlib, crypt_blowfish, and Python's hashlib.
  test.each([
    ['argon2id', 'password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
    ['argon2i', 'password', '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA'],
    ['bcrypt 2a', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['bcrypt 2b', 'U*U', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['bcrypt 2y', 'U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    [
      'scrypt',
      'pleaseletmein',
      '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
    ],
    [
      'PBKDF2 with SHA-256 in PHC form',
      'Password',
      '$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ',
    ],
    [
      'PBKDF2 with SHA-512 in PHC form, beyond ASCII',
      'corréct horse',
      '$pbkdf2-sha512$i=210000$c2l4dGVlbiBieXRlIHNsdA$cfG9naTxE9PH9SwhlTFRrdxQecv3S2d4tkx39b1Dggiq6IknMAKoyh0aJC2mBKOC6K3sdRK0HZYo4hVH5tRiVA',
    ],
    [
      'PBKDF2 as passlib writes it',
      'password',
      '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
    ],
    [
      'PBKDF2 as Django writes it',
      'lètmein',
      'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=',
    ],
  ])('%s', async (_name, password, text) => {
    const imported = readImportedHash(text);
    if (imported === undefined) throw new Error('not read');
    expect(await verifyImportedHash(password, text, imported)).toBe(true);
    expect(await verifyImportedHash(`${password}x`, text, imported)).toBe(false);
    expect(await verifyImportedHash('', text, imported)).toBe(false);
  });
});

describe('a hash is refused', () => {
  const bcryptTail = 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
  test.each([
    ['that is none', 'correct horse battery'],
    ['that is empty', ''],
    ['of an algorithm that is not taken', `$argon2d$v=19$m=4096,t=3,p=1$${salt}$${hash}`],
    ['of MD5', '$1$abcdefgh$irWbblnpmw.5z7wgBnprh0'],
    ['of argon2 without its version', `$argon2id$m=4096,t=3,p=1$${salt}$${hash}`],
    ['of argon2 with more than 256 MiB', `$argon2id$v=19$m=262145,t=1,p=1$${salt}$${hash}`],
    ['of argon2 that goes over its memory too often', `$argon2id$v=19$m=131072,t=9,p=1$${salt}$${hash}`],
    ['of argon2 with too many passes', `$argon2id$v=19$m=8,t=17,p=1$${salt}$${hash}`],
    ['of argon2 with no pass', `$argon2id$v=19$m=4096,t=0,p=1$${salt}$${hash}`],
    ['of argon2 with too little memory for its lanes', `$argon2id$v=19$m=64,t=1,p=9$${salt}$${hash}`],
    ['of argon2 with too many lanes', `$argon2id$v=19$m=4096,t=1,p=17$${salt}$${hash}`],
    ['of argon2 with a short salt', `$argon2id$v=19$m=4096,t=1,p=1$${bytes(7)}$${hash}`],
    ['of argon2 with a parameter nobody knows', `$argon2id$v=19$m=4096,t=1,p=1,x=1$${salt}$${hash}`],
    ['of bcrypt with cost 15', `$2b$15$${bcryptTail}`],
    ['of bcrypt with cost 31', `$2b$31$${bcryptTail}`],
    ['of bcrypt with cost 3', `$2b$03$${bcryptTail}`],
    ['of the broken bcrypt', `$2x$05$${bcryptTail}`],
    ['of bcrypt that is cut', `$2b$05$${bcryptTail.slice(1)}`],
    ['of scrypt with N of 2^18', `$scrypt$ln=18,r=8,p=1$${salt}$${hash}`],
    ['of scrypt with N of 2^99', `$scrypt$ln=99,r=8,p=1$${salt}$${hash}`],
    ['of scrypt with too much memory', `$scrypt$ln=17,r=9,p=1$${salt}$${hash}`],
    ['of scrypt that costs too much over all', `$scrypt$ln=17,r=8,p=2$${salt}$${hash}`],
    ['of scrypt with r of 0', `$scrypt$ln=14,r=0,p=1$${salt}$${hash}`],
    ['of PBKDF2 with more than two million iterations', `$pbkdf2-sha512$i=2000001$${salt}$${hash}`],
    ['of PBKDF2 whose two blocks cost as much', `$pbkdf2-sha256$i=1000001$${salt}$${bytes(64)}`],
    ['of PBKDF2 with next to no iterations', `$pbkdf2-sha256$i=999$${salt}$${hash}`],
    ['of PBKDF2 with another length than it says', `$pbkdf2-sha256$i=30000,l=31$${salt}$${hash}`],
    ['of PBKDF2 with SHA-1', `$pbkdf2-sha1$i=30000$${salt}$${hash}`],
    ['of Django without its padding', `pbkdf2_sha256$260000$seasalt$${hash}`],
    ['of Django with too many iterations', `pbkdf2_sha256$2000001$seasalt$${hash}=`],
    ['with a hash too short to mean anything', `$scrypt$ln=14,r=8,p=1$${salt}$${bytes(15)}`],
    ['with a hash nobody makes', `$scrypt$ln=14,r=8,p=1$${salt}$${bytes(65)}`],
    ['with a salt nobody makes', `$scrypt$ln=14,r=8,p=1$${bytes(65)}$${hash}`],
    ['with padding where none belongs', `$scrypt$ln=14,r=8,p=1$${salt}$${hash}=`],
    ['with letters that are no base64', `$scrypt$ln=14,r=8,p=1$${salt}$${hash.slice(1)}*`],
    ['with bits that decode to nothing', `$scrypt$ln=14,r=8,p=1$${salt}$${hash.slice(0, -1)}B`],
    ['with a line end behind', `$2b$05$${bcryptTail}\n`],
    ['with something behind', `$scrypt$ln=14,r=8,p=1$${salt}$${hash}$x`],
    ['longer than any', `$scrypt$ln=14,r=8,p=1$${salt}$${'A'.repeat(100_000)}`],
  ])('%s', (_case, text) => {
    expect(readImportedHash(text)).toBeUndefined();
  });
});
