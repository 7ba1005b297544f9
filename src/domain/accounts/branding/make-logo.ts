import { hash } from 'node:crypto';
import type { NewLogo } from './logos-store.ts';
import { type DecodedImage, scaleDown, toPixels } from './pixels.ts';
import { cleanPng, UnfitImage } from './read-png.ts';

/** Bytes of the image that is sent. */
export const logoBytesLimit = 256 * 1024;

/** Twice as fine as it is shown. */
const most = { width: 320, height: 80 };

/** A logo made of a PNG image: decoded, scaled down and encoded anew, so that nothing of the file but its picture is left. Throws `UnfitImage`. */
export async function makeLogo(bytes: Buffer): Promise<NewLogo> {
  if (bytes.length > logoBytesLimit) throw new UnfitImage(`A logo has at most ${logoBytesLimit / 1024} KiB.`);
  const png = await import('fast-png');
  const pixels = scaleDown(decoded(png.decode, await cleanPng(bytes)), most);
  const image = Buffer.from(png.encode({ ...pixels, channels: 4, depth: 8 }, { zlib: { level: 9 } }));
  return { logoId: hash('sha256', image, 'base64url'), image, width: pixels.width, height: pixels.height };
}

function decoded(decode: (bytes: Buffer) => DecodedImage, png: Buffer) {
  try {
    return toPixels(decode(png));
  } catch (error) {
    throw new UnfitImage('This PNG image is damaged.', { cause: error });
  }
}
