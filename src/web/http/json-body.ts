import type { IncomingMessage } from 'node:http';
import { AppError } from '../../domain/app-error.ts';

const usualLimit = 256 * 1024;
const depthLimit = 32;

/** Parameters of these types change nothing, but a charset other than UTF-8 would (RFC 8259 section 8.1). */
const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/**
 * Reads a JSON body of at most `bytesLimit` bytes (256 KiB), 32 levels deep. Answers undefined when none was sent. Throws `UnsupportedMediaType`,
 * `RequestTooLarge` or `MalformedRequest`.
 */
export async function readJsonBody(
  request: IncomingMessage,
  mediaTypes: readonly string[],
  bytesLimit = usualLimit,
): Promise<unknown> {
  const {
    'content-type': contentType = '',
    'content-length': contentLength,
    'transfer-encoding': encoding,
  } = request.headers;
  if (encoding === undefined && (contentLength ?? '0') === '0') return undefined;
  refuseOtherTypes(contentType, mediaTypes);
  if (Number(contentLength ?? 0) > bytesLimit) throw tooLarge(bytesLimit);
  const bytes = await readBytes(request, bytesLimit);
  return bytes.length === 0 ? undefined : parseJson(bytes);
}

function refuseOtherTypes(contentType: string, mediaTypes: readonly string[]): void {
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const encoding = charset.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!mediaTypes.includes(mediaType) || encoding !== 'utf-8') {
    throw new AppError('UnsupportedMediaType', `Send the body as ${mediaTypes.join(' or ')}, in UTF-8.`);
  }
}

const tooLarge = (bytesLimit: number) =>
  new AppError('RequestTooLarge', `A body has at most ${bytesLimit / 1024} KiB.`);

async function readBytes(request: IncomingMessage, bytesLimit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not destroy the connection: the refusal is yet to be sent on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > bytesLimit) throw tooLarge(bytesLimit);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes);
  if (nestingDepth(text) > depthLimit) throw malformed(`The body is nested deeper than ${depthLimit} levels.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('The body is not JSON.');
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

/** Keeps no cause: a parser's message quotes the text it stumbled over, and that may be a password. */
const malformed = (message: string) => new AppError('MalformedRequest', message);

const stringsOf = /"(?:[^"\\]|\\.)*"?/gs;

function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text.replace(stringsOf, '')) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
