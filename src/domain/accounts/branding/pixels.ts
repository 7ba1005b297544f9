/** Pixels in rows, four bytes each: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What a PNG decoder yields: samples packed by `depth`, each row beginning with a byte of its own. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly channels: number;
  readonly data: Samples;
  /** Colours that the samples number, of three or four bytes each. */
  readonly palette?: readonly (readonly number[])[];
  /** Of an image without opacity: the samples of the one colour that cannot be seen. */
  readonly transparency?: Uint16Array;
}

type Samples = Uint8Array | Uint8ClampedArray | Uint16Array;

/** Writes the pixel whose samples begin at `from` into the four bytes from `to` on. */
type Painter = (samples: Samples, from: number, data: Uint8Array, to: number) => void;

/** Any kind of PNG as pixels of one kind. Throws `RangeError` where the palette lacks a colour. */
export function toPixels(image: DecodedImage): Pixels {
  const { width, height, channels, palette } = image;
  const samples = unpacked(image);
  const paint = palette === undefined ? byValue(image) : byNumber(palette);
  const data = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) paint(samples, pixel * channels, data, pixel * 4);
  return { width, height, data };
}

/** The samples one by one. Only images of one sample to a pixel pack several into a byte. */
function unpacked({ width, height, depth, data }: DecodedImage): Samples {
  if (depth >= 8) return data;
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let at = 0; at < samples.length; at += 1) {
    const bit = (at % width) * depth;
    const byte = data[Math.floor(at / width) * bytesPerRow + (bit >> 3)] ?? 0;
    samples[at] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }
  return samples;
}

const byNumber =
  (palette: readonly (readonly number[])[]): Painter =>
  (samples, from, data, to) => {
    const colour = palette[samples[from] ?? 0];
    if (colour === undefined) throw new RangeError('a colour is missing');
    data.set(colour, to);
    if (colour.length === 3) data[to + 3] = 255;
  };

function byValue({ channels, depth, transparency }: DecodedImage): Painter {
  const isGrey = channels < 3;
  const hasOpacity = channels % 2 === 0;
  const toByte = 255 / (2 ** depth - 1);
  const [green, blue] = isGrey ? [0, 0] : [1, 2];
  const isHidden = (samples: Samples, from: number): boolean =>
    transparency !== undefined && transparency.every((sample, at) => sample === samples[from + at]);
  return (samples, from, data, to) => {
    data[to] = Math.round((samples[from] ?? 0) * toByte);
    data[to + 1] = Math.round((samples[from + green] ?? 0) * toByte);
    data[to + 2] = Math.round((samples[from + blue] ?? 0) * toByte);
    const opacity = hasOpacity ? Math.round((samples[from + channels - 1] ?? 0) * toByte) : 255;
    data[to + 3] = isHidden(samples, from) ? 0 : opacity;
  };
}

/** As large as fits, in proportion; never larger than it is. Each pixel is the mean of those that it stands for. */
export function scaleDown(pixels: Pixels, most: { readonly width: number; readonly height: number }): Pixels {
  const factor = Math.min(1, most.width / pixels.width, most.height / pixels.height);
  if (factor === 1) return pixels;
  const width = Math.max(1, Math.round(pixels.width * factor));
  const height = Math.max(1, Math.round(pixels.height * factor));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const rows = span(y, height, pixels.height);
    for (let x = 0; x < width; x += 1) {
      data.set(mean(pixels, span(x, width, pixels.width), rows), (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

type Span = readonly [from: number, to: number];

/** Which of `of` pixels the pixel `at` of `among` stands for: one or more. */
const span = (at: number, among: number, of: number): Span => [
  Math.floor((at * of) / among),
  Math.ceil(((at + 1) * of) / among),
];

/** Colours count by their opacity: what cannot be seen must not darken the edge of what can. */
function mean({ width, data }: Pixels, [left, right]: Span, [top, bottom]: Span): readonly number[] {
  let [red, green, blue, opacities] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let at = (y * width + left) * 4; at < (y * width + right) * 4; at += 4) {
      const opacity = data[at + 3] ?? 0;
      red += (data[at] ?? 0) * opacity;
      green += (data[at + 1] ?? 0) * opacity;
      blue += (data[at + 2] ?? 0) * opacity;
      opacities += opacity;
    }
  }
  const share = opacities === 0 ? 0 : 1 / opacities;
  const count = (right - left) * (bottom - top);
  return [red * share, green * share, blue * share, opacities / count].map(Math.round);
}
