import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { qrCode } from '../../../src/web/views/qr-code.ts';

const address = 'otpauth://totp/Acme:alice%40acme?secret=JBSWY3DPEHPK3PXP&issuer=Acme';

/** The dark modules of a path, as `x,y`. */
function darkModules(path: string): string[] {
  return [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].flatMap(([, x, y, run]) =>
    Array.from({ length: Number(run) }, (_, at) => `${Number(x) + at},${y}`),
  );
}

describe('qrCode', () => {
  it('draws exactly the dark modules of the code', () => {
    const { data } = encode(address, { ecc: 'M', border: 4 });
    const expected = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`${x},${y}`] : [])));
    expect(darkModules(qrCode(address).path)).toEqual(expected);
  });

  it('keeps a quiet zone of four modules, without which scanners fail on a dark page', () => {
    const { size, path } = qrCode(address);
    const coordinates = darkModules(path).flatMap((module) => module.split(',').map(Number));
    expect(Math.min(...coordinates)).toBe(4);
    expect(Math.max(...coordinates)).toBe(size - 5);
  });
});
