import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { headerChunk, pictureChunk, plainPng, type PngChunk, pngFile } from '../../support/png-files.ts';

/** What a browser would run if it took a file for a page. */
export const payload =
  '<script>parent.__run()</script><svg xmlns="http://www.w3.org/2000/svg" onload="parent.__run()"/>';

const svg = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="parent.__run()">${payload}</svg>`;
const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const good = plainPng(8, 8);

/** Files that are no PNG image, whatever they say or begin with. */
export const notImages: Readonly<Record<string, Buffer>> = {
  'an SVG': Buffer.from(svg),
  'a packed SVG': gzipSync(svg),
  'an SVG behind the mark of a PNG': Buffer.concat([pngSignature, Buffer.from(svg)]),
  'an SVG behind the size of a PNG': pngFile(headerChunk({ width: 8, height: 8 })).subarray(0, 33),
  'a PNG behind an SVG': Buffer.concat([Buffer.from(svg), good]),
  'a PNG behind a space': Buffer.concat([Buffer.from(' '), good]),
  'a page': Buffer.from(`<!doctype html>${payload}`),
  'a page behind the mark of a GIF': Buffer.from(`GIF89a/*${payload}*/=1`),
  'a JPEG': Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
  'a WebP': Buffer.concat([Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1'), Buffer.alloc(24)]),
  'an icon': Buffer.from('0000010001000808000001002000300100001600000', 'hex'),
  'a PDF': Buffer.from('%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj'),
  'an archive': Buffer.from('504b0506000000000000000000000000000000000000', 'hex'),
  'a PNG passed through a text editor': Buffer.from(good.toString('utf8')),
  'a PNG of no picture': pngFile(headerChunk({ width: 8, height: 8 })),
  'a PNG of two sizes': pngFile(headerChunk({ width: 8, height: 8 }), pictureChunk([[0]])),
  'an address of an SVG': Buffer.from(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`),
};

const size = headerChunk({ width: 8, height: 8 });
const line = Array.from({ length: 32 }, () => 120);
const picture = pictureChunk(Array.from({ length: 8 }, () => line));
const hidden = (type: string, data: Buffer): PngChunk => ({ type, data });
const said = (keyword: string, text: Buffer): Buffer => Buffer.concat([Buffer.from(`${keyword}\0`), text]);
const packedPayload = deflateSync(payload);
const endless = deflateSync(Buffer.alloc(16 * 1024 * 1024));

/** Files that are a PNG image, and something else to whoever reads them otherwise. */
export const polyglots: Readonly<Record<string, Buffer>> = {
  'with a page behind its end': Buffer.concat([pngFile(size, picture), Buffer.from(payload)]),
  'with another image behind its end': Buffer.concat([pngFile(size, picture), Buffer.from(svg)]),
  'with texts': pngFile(
    size,
    ...[hidden('tEXt', said('Title', Buffer.from(payload))), hidden('zTXt', said('A\0', packedPayload))],
    ...[hidden('iTXt', said('XML:com.adobe.xmp', Buffer.from(`\0\0\0\0${payload}`))), picture],
  ),
  'with what a camera notes': pngFile(size, hidden('eXIf', Buffer.from(payload)), picture),
  'with a colour profile': pngFile(size, hidden('iCCP', said('p\0', packedPayload)), picture),
  'with chunks that nobody knows': pngFile(
    size,
    hidden('scRp', Buffer.from(payload)),
    picture,
    hidden('hTMl', Buffer.from(payload)),
  ),
  'with texts and a profile that unpack without end': pngFile(
    ...[size, hidden('zTXt', said('A\0', endless)), hidden('iCCP', said('p\0', endless)), picture],
  ),
  'with an animation': pngFile(size, hidden('acTL', Buffer.alloc(8, 1)), picture, hidden('fdAT', Buffer.from(payload))),
  'whose pixels spell it': pngFile(size, {
    type: 'IDAT',
    data: deflateSync(spelling(), { level: 0 }),
  }),
};

/** Eight lines of which one reads as the payload's beginning, unpacked as it stands. */
function spelling(): Buffer {
  const text = Buffer.from('<script>parent.__run()</script>\n');
  const lines = Array.from({ length: 8 }, (_none, at) => (at === 3 ? text : randomBytes(32)));
  return Buffer.concat(lines.map((one) => Buffer.concat([Buffer.from([0]), one.subarray(0, 32)])));
}

/** Files that would take up much of what a server has, if it let them. */
export function bombs(): Readonly<Record<string, Buffer>> {
  const zeros = deflateSync(Buffer.alloc(128 * 1024 * 1024));
  const sized = (width: number, height: number) => headerChunk({ width, height });
  const packed = (data: Buffer): PngChunk => ({ type: 'IDAT', data });
  return {
    'a small picture that unpacks without end': pngFile(sized(8, 8), packed(zeros)),
    'a picture as wide as numbers go': pngFile(sized(0xffff_ffff, 1), packed(zeros)),
    'a picture as large as numbers go': pngFile(sized(0x7fff_ffff, 0x7fff_ffff), packed(zeros)),
    'a picture a little too large': pngFile(sized(1025, 1024), packed(deflateSync(Buffer.alloc(1024 * 4101)))),
    'a picture of no size': pngFile(sized(0, 0), packed(zeros)),
    'twenty thousand empty parts': pngFile(
      sized(8, 8),
      ...Array.from({ length: 20_000 }, () => packed(Buffer.alloc(0))),
    ),
    'a chunk that is longer than the file': Buffer.concat([
      pngFile(size).subarray(0, 33),
      Buffer.from('ffffffff49444154', 'hex'),
    ]),
  };
}

/** Types of the chunks of a PNG file, in order. */
export function chunkTypes(png: Buffer): string[] {
  const types: string[] = [];
  for (let at = 8; at + 8 <= png.length; at += 12 + png.readUInt32BE(at))
    types.push(png.toString('latin1', at + 4, at + 8));
  return types;
}
