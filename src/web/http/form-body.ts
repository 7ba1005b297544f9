import type { IncomingMessage } from 'node:http';
import { AppError } from '../../domain/app-error.ts';

const maxBytes = 32 * 1024;

/** The fields of a posted form; each at most once. */
export type Form = ReadonlyMap<string, string>;

/**
 * Reads an `application/x-www-form-urlencoded` body of at most 32 KiB. Throws `UnsupportedMediaType`, `RequestTooLarge`, or
 * `MalformedRequest` for a field given twice, where two readers could take different ones.
 */
export async function readForm(req: IncomingMessage): Promise<Form> {
  const form = new Map<string, string>();
  for (const [name, value] of await readFormPairs(req)) {
    if (form.has(name)) throw new AppError('MalformedRequest', 'A field of the form was sent twice.');
    form.set(name, value);
  }
  return form;
}

/** The same, as sent: in order, and with fields that came twice. */
export async function readFormPairs(req: IncomingMessage): Promise<[name: string, value: string][]> {
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded')
    throw new AppError('UnsupportedMediaType', 'This address takes a posted form.');
  return [...new URLSearchParams(await readText(req))];
}

/** The connection outlives a body that is too large: the refusal is a page, and a page looks at its socket. */
async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new AppError('RequestTooLarge', 'The form is larger than 32 KiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
