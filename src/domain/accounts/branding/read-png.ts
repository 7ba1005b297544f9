import { deflateSync, inflate } from 'node:zlib';
import { promisify } from 'node:util';

/** What the first chunk of a PNG says of it (PNG specification, third edition, section 11.2.1). */
interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample. */
  readonly depth: number;
  readonly samplesPerPixel: number;
  /** Samples number the colours of a palette. */
  readonly isIndexed: boolean;
  readonly isInterlaced: boolean;
}

/** An image that is none, or none that we take; the message says which, for the person who sent it. */
export class UnfitImage extends Error {
  override readonly name = 'UnfitImage';
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const noPng = 'This is not a PNG image.';
const damaged = 'This PNG image is damaged.';

/** Of a palette (section 11.2.2). */
const mostColours = 256;

/** Pixels of either side. */
const longestSide = 1024;

/** By colour type: samples of a pixel, and the depths they may have. */
const colourTypes: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/** The chunks that make up the picture. All others (texts, colour profiles, animations, what stands behind the end) are left behind. */
const chunksOfPicture = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT']);

/**
 * The same picture as a PNG of our own making, for the decoder: it holds nothing but the picture and inflates to exactly what its size needs, so
 * whatever was sent, decoding is bounded. Throws `UnfitImage`.
 */
export async function cleanPng(bytes: Buffer): Promise<Buffer> {
  const [first, ...others] = readChunks(bytes);
  if (first?.type !== 'IHDR') throw new UnfitImage(damaged);
  const header = readHeader(first.data);
  const ofType = (wanted: string) => others.filter(({ type }) => type === wanted);
  // Images that do not number their colours may suggest a palette, which the decoder would take for theirs.
  const palette = header.isIndexed ? ofType('PLTE') : [];
  const hidden = ofType('tRNS');
  if (palette.length !== Number(header.isIndexed) || hidden.length > 1) throw new UnfitImage(damaged);
  requireFitting(header, palette[0]?.data, hidden[0]?.data);
  const packed = Buffer.concat(ofType('IDAT').map(({ data }) => data));
  const picture = { type: 'IDAT', data: deflateSync(await inflateTo(packed, inflatedSize(header)), { level: 1 }) };
  const end = { type: 'IEND', data: Buffer.alloc(0) };
  return Buffer.concat([signature, ...[first, ...palette, ...hidden, picture, end].map(written)]);
}

/** Three bytes a colour; one of opacity for each of the first, or two for each sample of the one colour that cannot be seen (section 11.3.1.1). */
function requireFitting(
  { isIndexed, samplesPerPixel }: PngHeader,
  palette: Buffer | undefined,
  hidden: Buffer | undefined,
): void {
  const colours = (palette?.length ?? 0) / 3;
  const fits = Number.isInteger(colours) && colours <= mostColours;
  const hasOpacity = samplesPerPixel % 2 === 0;
  // More would be compared with every pixel of the picture.
  const most = isIndexed ? colours : hasOpacity ? 0 : 2 * samplesPerPixel;
  const isWhole = isIndexed || hidden === undefined || hidden.length === most;
  if (!fits || !isWhole || (hidden?.length ?? 0) > most) throw new UnfitImage(damaged);
}

function readChunks(bytes: Buffer): Chunk[] {
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new UnfitImage(noPng);
  const chunks: Chunk[] = [];
  for (let at = signature.length; ; ) {
    if (at + 12 > bytes.length) throw new UnfitImage(damaged);
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) throw new UnfitImage(damaged);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IEND') return chunks;
    if (chunksOfPicture.has(type)) chunks.push({ type, data: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
}

function readHeader(data: Buffer): PngHeader {
  if (data.length !== 13) throw new UnfitImage(damaged);
  const [width, height, depth] = [data.readUInt32BE(0), data.readUInt32BE(4), data.readUInt8(8)];
  const type = data.readUInt8(9);
  const colourType = colourTypes[type];
  const [compression, filter, interlace] = data.subarray(10);
  const isKnown = colourType?.depths.includes(depth) && compression === 0 && filter === 0 && (interlace ?? 2) < 2;
  if (colourType === undefined || !isKnown || width === 0 || height === 0) throw new UnfitImage(damaged);
  if (width > longestSide || height > longestSide)
    throw new UnfitImage(
      `A logo has at most ${longestSide} × ${longestSide} pixels; this one has ${width} × ${height}.`,
    );
  // The decoder takes each sample of an interlaced image for a byte.
  if (interlace === 1 && depth < 8) throw new UnfitImage('Save this image without interlacing.');
  const [isIndexed, isInterlaced] = [type === 3, interlace === 1];
  return { width, height, depth, samplesPerPixel: colourType.samples, isIndexed, isInterlaced };
}

/** The seven passes of an interlaced image (section 8.2): where each begins and how far its pixels are apart. */
const passes = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];
const onePass = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

/** Bytes of the picture, the filter byte of each line included. */
function inflatedSize({ width, height, depth, samplesPerPixel, isInterlaced }: PngHeader): number {
  const sizes = (isInterlaced ? passes : onePass).map(({ x, y, stepX, stepY }) => {
    const [columns, lines] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return columns > 0 && lines > 0 ? lines * (1 + Math.ceil((columns * depth * samplesPerPixel) / 8)) : 0;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

const inflated = promisify(inflate) as (
  packed: Buffer,
  options: { readonly maxOutputLength: number },
) => Promise<Buffer>;

async function inflateTo(packed: Buffer, size: number): Promise<Buffer> {
  let data: Buffer;
  try {
    data = await inflated(packed, { maxOutputLength: size });
  } catch {
    throw new UnfitImage(damaged);
  }
  if (data.length !== size) throw new UnfitImage(damaged);
  return data;
}

/** Without a checksum, which the decoder does not look at. */
function written({ type, data }: Chunk): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}
