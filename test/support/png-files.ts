import { crc32, deflateSync } from 'node:zlib';

/** A chunk of a PNG file. */
export interface PngChunk {
  readonly type: string;
  readonly data?: Buffer;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG file of these chunks, as an encoder would write it; IEND is added. */
export const pngFile = (...chunks: readonly PngChunk[]): Buffer =>
  Buffer.concat([pngSignature, ...[...chunks, { type: 'IEND' }].map(written)]);

function written({ type, data = Buffer.alloc(0) }: PngChunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

export interface PngShape {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  /** 0 grey, 2 colour, 3 by palette, 4 grey with opacity, 6 colour with opacity. */
  readonly colourType?: number;
  readonly interlace?: number;
}

export function headerChunk({ width, height, depth = 8, colourType = 6, interlace = 0 }: PngShape): PngChunk {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colourType, 0, 0, interlace], 8);
  return { type: 'IHDR', data };
}

/** Lines of samples as they stand in the file, each with the filter "none" before it. */
export const pictureChunk = (lines: readonly (readonly number[])[]): PngChunk => ({
  type: 'IDAT',
  data: deflateSync(Buffer.from(lines.flatMap((line) => [0, ...line]))),
});

/** An image of one colour. */
export const plainPng = (width: number, height: number, colour: readonly number[] = [11, 97, 80, 255]): Buffer =>
  pngFile(
    headerChunk({ width, height, colourType: colour.length === 4 ? 6 : 2 }),
    pictureChunk(Array.from({ length: height }, () => Array.from({ length: width }, () => colour).flat())),
  );
