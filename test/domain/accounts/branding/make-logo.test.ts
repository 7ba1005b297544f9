import { decode, encode } from 'fast-png';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createDeflate, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeLogo } from '../../../../src/domain/accounts/branding/make-logo.ts';
import { UnfitImage } from '../../../../src/domain/accounts/branding/read-png.ts';
import { headerChunk, pictureChunk, plainPng, pngFile, type PngShape } from '../../../support/png-files.ts';

/** The pixels of the logo that is made of an image, four numbers each. */
async function pixelsOf(png: Buffer): Promise<number[][]> {
  const { image, width, height } = await makeLogo(png);
  const { data } = decode(image);
  return Array.from({ length: width * height }, (_, at) => [...data.slice(at * 4, at * 4 + 4)]);
}

const refusalOf = (png: Buffer): Promise<unknown> => makeLogo(png).catch((error: unknown) => error);

/** So many MiB of zeros, packed as tightly as can be. */
async function packedZeros(mebibytes: number): Promise<Buffer> {
  const zeros = Buffer.alloc(1024 * 1024);
  const packed = Readable.from(Array.from({ length: mebibytes }, () => zeros)).pipe(createDeflate({ level: 9 }));
  return Buffer.concat(await packed.toArray());
}

const grey = [128, 128, 128, 255];
const [black, white] = [
  [0, 0, 0, 255],
  [255, 255, 255, 255],
];

describe('a logo', () => {
  it.each([
    [
      { width: 640, height: 160 },
      { width: 320, height: 80 },
    ],
    [
      { width: 1024, height: 1024 },
      { width: 80, height: 80 },
    ],
    [
      { width: 1024, height: 16 },
      { width: 320, height: 5 },
    ],
    [
      { width: 1024, height: 1 },
      { width: 320, height: 1 },
    ],
    [
      { width: 1, height: 1024 },
      { width: 1, height: 80 },
    ],
    [
      { width: 320, height: 80 },
      { width: 320, height: 80 },
    ],
    [
      { width: 3, height: 2 },
      { width: 3, height: 2 },
    ],
  ])('of %j is made to fit: %j', async (sent, kept) => {
    const { width, height, image } = await makeLogo(plainPng(sent.width, sent.height));
    expect({ width, height }).toEqual(kept);
    const { data } = decode(image);
    expect([...data.slice(0, 4)]).toEqual([11, 97, 80, 255]);
    expect([...data.slice(-4)]).toEqual([11, 97, 80, 255]);
  });

  it('is named by its content', async () => {
    const [one, again, other] = await Promise.all([plainPng(20, 10), plainPng(20, 10), plainPng(20, 11)].map(makeLogo));
    expect(one?.logoId).toBe(hash('sha256', one?.image ?? '', 'base64url'));
    expect(one?.logoId).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(again?.logoId).toBe(one?.logoId);
    expect(other?.logoId).not.toBe(one?.logoId);
  });

  it('has nothing of the file but its picture', async () => {
    const secret = 'taken at 47.3769 N, 8.5417 E';
    const [header, picture] = [headerChunk({ width: 2, height: 1 }), pictureChunk([[...black, ...white]])];
    const sent = Buffer.concat([
      pngFile(
        header,
        { type: 'tEXt', data: Buffer.from(`Comment\0${secret}`) },
        { type: 'eXIf', data: Buffer.from(secret) },
        { type: 'iCCP', data: Buffer.concat([Buffer.from('profile\0\0'), deflateSync(secret)]) },
        { type: 'acTL', data: Buffer.alloc(8) },
        picture,
      ),
      Buffer.from(`<script>${secret}</script>`),
    ]);
    const [bare, kept] = [await makeLogo(pngFile(header, picture)), await makeLogo(sent)];
    expect(kept.logoId).toBe(bare.logoId);
    expect(kept.image.includes('script')).toBe(false);
    expect(Object.keys(decode(kept.image).text)).toEqual([]);
    expect(await pixelsOf(sent)).toEqual([black, white]);
  });
});

describe('every kind of PNG', () => {
  const kinds: readonly [string, PngShape, readonly number[], readonly number[][]][] = [
    ['grey of 1 bit', { width: 2, height: 1, depth: 1, colourType: 0 }, [0b01000000], [black, white]],
    [
      'grey of 2 bits',
      { width: 4, height: 1, depth: 2, colourType: 0 },
      [0b00011011],
      [black, [85, 85, 85, 255], [170, 170, 170, 255], white],
    ],
    [
      'grey of 4 bits',
      { width: 3, height: 1, depth: 4, colourType: 0 },
      [0x0f, 0x80],
      [black, white, [136, 136, 136, 255]],
    ],
    ['grey of 8 bits', { width: 2, height: 1, depth: 8, colourType: 0 }, [0, 128], [black, grey]],
    ['grey of 16 bits', { width: 2, height: 1, depth: 16, colourType: 0 }, [0, 0, 0x80, 0x80], [black, grey]],
    ['grey with opacity', { width: 2, height: 1, colourType: 4 }, [128, 255, 128, 64], [grey, [128, 128, 128, 64]]],
    ['colour', { width: 1, height: 1, colourType: 2 }, [1, 2, 3], [[1, 2, 3, 255]]],
    ['colour of 16 bits', { width: 1, height: 1, depth: 16, colourType: 2 }, [1, 1, 2, 2, 3, 3], [[1, 2, 3, 255]]],
    ['colour with opacity', { width: 1, height: 1, colourType: 6 }, [1, 2, 3, 4], [[1, 2, 3, 4]]],
    [
      'colour with opacity of 16 bits',
      { width: 1, height: 1, depth: 16, colourType: 6 },
      [1, 1, 2, 2, 3, 3, 4, 4],
      [[1, 2, 3, 4]],
    ],
  ];

  it.each(kinds)('is read: %s', async (_kind, shape, line, pixels) => {
    expect(await pixelsOf(pngFile(headerChunk(shape), pictureChunk([line])))).toEqual(pixels);
  });

  const palette = { type: 'PLTE', data: Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9]) };

  it.each([
    [
      1,
      [0b10000000],
      [
        [4, 5, 6, 255],
        [1, 2, 3, 255],
      ],
    ],
    [
      2,
      [0b10010000],
      [
        [7, 8, 9, 255],
        [4, 5, 6, 255],
      ],
    ],
    [
      4,
      [0x21],
      [
        [7, 8, 9, 255],
        [4, 5, 6, 255],
      ],
    ],
    [
      8,
      [2, 1],
      [
        [7, 8, 9, 255],
        [4, 5, 6, 255],
      ],
    ],
  ])('is read: by a palette, of %d bits', async (depth, line, pixels) => {
    const header = headerChunk({ width: 2, height: 1, depth, colourType: 3 });
    expect(await pixelsOf(pngFile(header, palette, pictureChunk([line])))).toEqual(pixels);
  });

  it('is read: with colours that cannot be seen', async () => {
    const byPalette = headerChunk({ width: 2, height: 1, colourType: 3 });
    const hidden = { type: 'tRNS', data: Buffer.from([64]) };
    expect(await pixelsOf(pngFile(byPalette, palette, hidden, pictureChunk([[0, 1]])))).toEqual([
      [1, 2, 3, 64],
      [4, 5, 6, 255],
    ]);
    const inColour = headerChunk({ width: 3, height: 1, colourType: 2 });
    const oneColour = { type: 'tRNS', data: Buffer.from([0, 1, 0, 2, 0, 3]) };
    expect(await pixelsOf(pngFile(inColour, oneColour, pictureChunk([[1, 2, 3, 1, 2, 4, 1, 2, 3]])))).toEqual([
      [1, 2, 3, 0],
      [1, 2, 4, 255],
      [1, 2, 3, 0],
    ]);
  });

  it('is read: in colour, with a palette that only suggests', async () => {
    const inColour = headerChunk({ width: 1, height: 1, colourType: 2 });
    expect(await pixelsOf(pngFile(inColour, palette, pictureChunk([[9, 8, 7]])))).toEqual([[9, 8, 7, 255]]);
  });

  it('is read: interlaced, filtered and in several pieces', async () => {
    const data = new Uint8Array(16 * 16 * 4).map((_, at) => (at % 4 === 3 ? 255 : (at * 37) % 256));
    const plain = await pixelsOf(Buffer.from(encode({ width: 16, height: 16, data })));
    const interlaced = await pixelsOf(Buffer.from(encode({ width: 16, height: 16, data }, { interlace: 'Adam7' })));
    expect(interlaced).toEqual(plain);
    const [header, picture] = [headerChunk({ width: 2, height: 2, colourType: 0 }), Buffer.from([0, 10, 20, 2, 1, 2])];
    const packed = deflateSync(picture);
    const pieces = [packed.subarray(0, 5), packed.subarray(5)].map((piece) => ({ type: 'IDAT', data: piece }));
    expect((await pixelsOf(pngFile(header, ...pieces))).map(([value]) => value)).toEqual([10, 20, 11, 22]);
  });
});

describe('scaling down', () => {
  it('takes the mean, so that thin lines fade and do not vanish', async () => {
    const lines = Array.from({ length: 160 }, (_, y) => Array.from({ length: 160 }, () => (y % 2 === 0 ? 0 : 255)));
    const pixels = await pixelsOf(
      pngFile(headerChunk({ width: 160, height: 160, colourType: 0 }), pictureChunk(lines)),
    );
    expect(new Set(pixels.map(([value]) => value))).toEqual(new Set([128]));
  });

  it('lets nothing that cannot be seen colour the edge of what can', async () => {
    const half = (y: number): number[][] =>
      Array.from({ length: 160 }, () => (y % 2 === 0 ? [200, 100, 0, 255] : [0, 0, 0, 0]));
    const lines = Array.from({ length: 160 }, (_, y) => half(y).flat());
    const pixels = await pixelsOf(pngFile(headerChunk({ width: 160, height: 160 }), pictureChunk(lines)));
    expect(pixels[0]).toEqual([200, 100, 0, 128]);
  });
});

describe('what is no logo', () => {
  const header = headerChunk({ width: 2, height: 2 });
  const picture = pictureChunk([
    [1, 2, 3, 4, 1, 2, 3, 4],
    [1, 2, 3, 4, 1, 2, 3, 4],
  ]);
  const whole = pngFile(header, picture);

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<svg onload="alert(1)"/>')],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46])],
    ['a signature alone', whole.subarray(0, 8)],
    ['a file that breaks off', whole.subarray(0, -20)],
    ['a file without its end', whole.subarray(0, -12)],
    [
      'a chunk longer than the file',
      Buffer.concat([whole.subarray(0, 33), Buffer.from([0xff, 0xff, 0xff, 0xff]), whole.subarray(37)]),
    ],
    ['no header', pngFile(picture)],
    ['a header that is not the first', pngFile(picture, header)],
    ['a header cut short', pngFile({ type: 'IHDR', data: Buffer.alloc(12) }, picture)],
    ['no width', pngFile(headerChunk({ width: 0, height: 2 }), picture)],
    ['a depth that is none', pngFile(headerChunk({ width: 2, height: 2, depth: 3 }), picture)],
    ['a depth that its kind does not have', pngFile(headerChunk({ width: 2, height: 2, depth: 4 }), picture)],
    ['a kind that there is not', pngFile(headerChunk({ width: 2, height: 2, colourType: 5 }), picture)],
    ['an unknown way of interlacing', pngFile(headerChunk({ width: 2, height: 2, interlace: 2 }), picture)],
    [
      'an interlaced one of few bits',
      pngFile(headerChunk({ width: 2, height: 2, depth: 1, colourType: 0, interlace: 1 }), picture),
    ],
    ['no picture', pngFile(header)],
    ['a picture that is not packed', pngFile(header, { type: 'IDAT', data: Buffer.alloc(18) })],
    ['a picture too small', pngFile(header, pictureChunk([[1, 2, 3, 4]]))],
    [
      'a picture too large',
      pngFile(header, pictureChunk(Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => 1)))),
    ],
    ['a filter that there is not', pngFile(header, { type: 'IDAT', data: deflateSync(Buffer.alloc(18, 9)) })],
    [
      'numbered colours without a palette',
      pngFile(
        headerChunk({ width: 2, height: 2, colourType: 3 }),
        pictureChunk([
          [0, 0],
          [0, 0],
        ]),
      ),
    ],
    [
      'a number beyond the palette',
      pngFile(
        headerChunk({ width: 1, height: 1, colourType: 3 }),
        { type: 'PLTE', data: Buffer.from([1, 2, 3]) },
        pictureChunk([[1]]),
      ),
    ],
    [
      'two palettes of opacity',
      pngFile(
        headerChunk({ width: 1, height: 1, colourType: 3 }),
        { type: 'PLTE', data: Buffer.from([1, 2, 3]) },
        { type: 'tRNS', data: Buffer.from([1]) },
        { type: 'tRNS', data: Buffer.from([1]) },
        pictureChunk([[0]]),
      ),
    ],
    [
      'more samples of the unseen colour than a pixel has, each to be compared with every pixel',
      pngFile(
        headerChunk({ width: 2, height: 1, colourType: 2 }),
        { type: 'tRNS', data: Buffer.alloc(200_000) },
        pictureChunk([[0, 0, 0, 0, 0, 0]]),
      ),
    ],
    [
      'half an unseen colour',
      pngFile(
        headerChunk({ width: 1, height: 1, colourType: 0 }),
        { type: 'tRNS', data: Buffer.from([0]) },
        pictureChunk([[0]]),
      ),
    ],
    [
      'an unseen colour beside opacity',
      pngFile(header, { type: 'tRNS', data: Buffer.from([0, 1, 0, 2, 0, 3]) }, picture),
    ],
    [
      'more opacities than colours',
      pngFile(
        headerChunk({ width: 1, height: 1, colourType: 3 }),
        { type: 'PLTE', data: Buffer.from([1, 2, 3]) },
        { type: 'tRNS', data: Buffer.from([1, 2]) },
        pictureChunk([[0]]),
      ),
    ],
    [
      'a palette of too many colours',
      pngFile(
        headerChunk({ width: 1, height: 1, colourType: 3 }),
        { type: 'PLTE', data: Buffer.alloc(771) },
        pictureChunk([[0]]),
      ),
    ],
  ])('is refused with words: %s', async (_what, png) => {
    const refusal = await refusalOf(png);
    expect(refusal).toBeInstanceOf(UnfitImage);
    expect((refusal as UnfitImage).message).toMatch(/^[A-Z].*\.$/);
  });

  it('tells how large it may be', async () => {
    const tooWide = pngFile(headerChunk({ width: 1025, height: 1 }), picture);
    expect(String(await refusalOf(tooWide))).toContain('1024 × 1024 pixels; this one has 1025 × 1');
    expect(String(await refusalOf(Buffer.alloc(256 * 1024 + 1)))).toContain('256 KiB');
  });

  it('costs no memory that its size does not need, whatever it is packed with', async () => {
    const bomb = await packedZeros(250);
    expect(bomb.length).toBeLessThan(256 * 1024 - 100);
    const files = [
      pngFile(header, { type: 'IDAT', data: bomb }),
      pngFile(header, { type: 'iCCP', data: Buffer.concat([Buffer.from('x\0\0'), bomb]) }, picture),
      pngFile(headerChunk({ width: 0xffffffff, height: 0xffffffff }), { type: 'IDAT', data: bomb }),
    ];
    const kibibytesAtMost = () => process.resourceUsage().maxRSS;
    const before = kibibytesAtMost();
    const [inflated, profile, endless] = await Promise.all(files.map(refusalOf));
    expect(kibibytesAtMost() - before).toBeLessThan(64 * 1024);
    expect([inflated, endless].every((refusal) => refusal instanceof UnfitImage)).toBe(true);
    // A profile is left behind unread.
    expect(profile).toMatchObject({ width: 2, height: 2 });
  });
});
