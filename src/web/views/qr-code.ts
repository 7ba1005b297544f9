import { encode } from 'uqr';

/** A QR code as one SVG path over a square of `size` units, the quiet zone of 4 units included (ISO/IEC 18004). */
export interface QrCode {
  readonly size: number;
  readonly path: string;
}

/** Level M survives a scratched or glaring screen and still keeps the modules of an otpauth address large. */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  return { size, path: data.map(rowPath).join('') };
}

function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x += 1;
    path += `M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`;
  }
  return path;
}
