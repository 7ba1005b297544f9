/** What authenticators say in CBOR (RFC 8949): integers, byte and text strings, lists and maps. */
export type CborValue = number | string | Uint8Array | readonly CborValue[] | ReadonlyMap<number | string, CborValue>;

/** Written apart from what the server reads with, so that the two cannot share a mistake. */
export function encodeCbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number | string, CborValue>)];
    return Buffer.concat([head(5, entries.length), ...entries.flatMap((entry) => entry.map(encodeCbor))]);
  }
  const items = value as readonly CborValue[];
  return Buffer.concat([head(4, items.length), ...items.map(encodeCbor)]);
}

function head(majorType: number, argument: number): Buffer {
  const initial = majorType << 5;
  if (argument < 24) return Buffer.from([initial | argument]);
  if (argument < 0x100) return Buffer.from([initial | 24, argument]);
  const long = Buffer.alloc(argument < 0x10000 ? 3 : 5);
  long[0] = initial | (long.length === 3 ? 25 : 26);
  long.writeUIntBE(argument, 1, long.length - 1);
  return long;
}
